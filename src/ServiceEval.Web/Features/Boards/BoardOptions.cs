using System.ComponentModel.DataAnnotations;

namespace ServiceEval.Web.Features.Boards;

public sealed class BoardOptions
{
    public const string Section = "ServiceEval:Boards";

    /// <summary>
    /// k: the smallest number of ratings of a window that reach the board together (a cohort). With 1, every rating is
    /// shown by itself.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "ServiceEval__Boards__BatchSize 应为 1～1000 的整数。")]
    public int BatchSize { get; set; } = 5;

    /// <summary>The number of ratings below which no rate is shown.</summary>
    [Range(1, 100_000, ErrorMessage = "ServiceEval__Boards__MinimumN 应为 1～100000 的整数。")]
    public int MinimumN { get; set; } = 30;
}
