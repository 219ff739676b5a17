using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Wording;

/// <summary>Formats a comparison.</summary>
public static class ChangeText
{
    public static string Verdict(ReportComparison comparison) => comparison.BeyondNoise ? "超出正常波动" : "属正常波动";

    public static string Weeks(ReportComparison comparison) =>
        comparison.Weeks switch
        {
            [] => "",
            [var only] => only,
            [var first, .., var last] => $"{first}至{last[(last.IndexOf('-', StringComparison.Ordinal) + 1)..]}",
        };

    public static string Sentence(string before, ReportComparison comparison) =>
        comparison.BeyondNoise
            ? $"与{before}相比，好评率{(comparison.Difference > 0 ? "上升" : "下降")}{Size(comparison.Difference)}个百分点，超出正常波动。"
            : $"与{before}基本持平，变化属正常波动。";

    /// <summary>Says how much of the change is mix and how much is rate.</summary>
    public static string Split(string by, ReportSplit split) =>
        $"按{by}分解，构成变化贡献{ReportText.Contribution(split.Mix)}个百分点，好评率变化贡献{ReportText.Contribution(split.Rate)}个百分点。";

    public static string Interval(double low, double high) => $"{ReportText.Points(low)}～{ReportText.Points(high)}";

    private static string Size(double difference) => ReportText.Points(Math.Abs(difference)).TrimStart('+');
}
