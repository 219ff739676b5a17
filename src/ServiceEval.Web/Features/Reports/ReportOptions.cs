using System.ComponentModel.DataAnnotations;

namespace ServiceEval.Web.Features.Reports;

public sealed class ReportOptions
{
    public const string Section = "ServiceEval:Reports";

    /// <summary>Below so many ratings no rate is given.</summary>
    [Range(1, 100_000, ErrorMessage = "ServiceEval:Reports:MinimumN 应为 1～100000 的整数。")]
    public int MinimumN { get; set; } = 30;
}
