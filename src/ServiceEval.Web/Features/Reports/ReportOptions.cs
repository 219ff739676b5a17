using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Reports.Statistics;

namespace ServiceEval.Web.Features.Reports;

public sealed class ReportOptions
{
    public const string Section = "ServiceEval:Reports";

    /// <summary>Below so many ratings no rate is given.</summary>
    [Range(1, 100_000, ErrorMessage = "ServiceEval__Reports__MinimumN 应为 1～100000 的整数。")]
    public int MinimumN { get; set; } = 30;

    /// <summary>A file whose content is the password that opens the reports to others over TLS.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>
    /// Whether the newest reports are printed as soon as they are compiled; without, when they are asked for.
    /// </summary>
    public bool PrintAhead { get; set; } = true;

    /// <summary>What each grade scores in the mean.</summary>
    public GradeWeights Weights { get; set; } = new();
}

internal sealed class ReportOptionsCheck : IValidateOptions<ReportOptions>
{
    public ValidateOptionsResult Validate(string? name, ReportOptions options)
    {
        var weights = Grades.All.Select(grade => options.Weights[grade]).ToList();
        return
            weights.TrueForAll(double.IsFinite)
            && weights.Zip(weights.Skip(1)).All(pair => pair.First >= pair.Second)
            && weights[0] > weights[^1]
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "ServiceEval__Reports__Weights 应为五个数，从 VerySatisfied 到 VeryDissatisfied 依次不增，首尾不能相等。"
            );
    }
}
