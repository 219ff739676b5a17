using System.ComponentModel.DataAnnotations;

namespace ServiceEval.Web.Features.Boards;

public sealed class BoardOptions
{
    public const string Section = "ServiceEval:Boards";

    /// <summary>The number of ratings below which no rate is shown.</summary>
    [Range(1, 100_000, ErrorMessage = "ServiceEval__Boards__MinimumN 应为 1～100000 的整数。")]
    public int MinimumN { get; set; } = 30;
}
