using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;

namespace ServiceEval.Web.Features.Reports.Contents;

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
