using System.ComponentModel.DataAnnotations;

namespace ServiceEval.Web.Features.Boards;

public sealed class BoardOptions
{
    public const string Section = "ServiceEval:Boards";

    /// <summary>k: a window's ratings reach the board in cohorts of at least so many; 1 is "every vote".</summary>
    [Range(1, 1000, ErrorMessage = "ServiceEval__Boards__BatchSize 应为 1～1000 的整数。")]
    public int BatchSize { get; set; } = 5;

    /// <summary>Below so many ratings no rate is shown.</summary>
    [Range(1, 100_000, ErrorMessage = "ServiceEval__Boards__MinimumN 应为 1～100000 的整数。")]
    public int MinimumN { get; set; } = 30;
}
