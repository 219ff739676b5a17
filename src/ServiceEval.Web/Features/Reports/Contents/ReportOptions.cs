using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;

namespace ServiceEval.Web.Features.Reports.Contents;

public sealed class ReportOptions
{
    public const string Section = "ServiceEval:Reports";

    /// <summary>The smallest number of ratings for which a rate is published.</summary>
    [Range(1, 100_000, ErrorMessage = "ServiceEval__Reports__MinimumN 应为 1～100000 的整数。")]
    public int MinimumN { get; set; } = 30;

    /// <summary>
    /// The path of a file that contains the password. With the password, other machines can read the reports over TLS.
    /// </summary>
    public string? PasswordFile { get; set; }

    /// <summary>
    /// If true, the newest reports are printed as soon as they are compiled. If false, a report is printed when it is
    /// requested.
    /// </summary>
    public bool PrintAhead { get; set; } = true;

    /// <summary>The score of each grade in the mean.</summary>
    public GradeWeights Weights { get; set; } = new();
}
