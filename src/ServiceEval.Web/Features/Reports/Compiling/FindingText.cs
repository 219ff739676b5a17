using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Formats findings about several places.</summary>
internal static class FindingText
{
    /// <summary>
    /// A sentence names at most this number of places, or one more if only one place is left. The other places are only
    /// counted, and the tables mark them.
    /// </summary>
    public const int Problems = 6;
    public const int Highlights = 4;
    public const int BelowLine = 4;

    public static string Of(FindingLevel level) =>
        level switch
        {
            FindingLevel.Hall => "大厅（便民服务中心）",
            FindingLevel.Department => "部门",
            FindingLevel.Window => "窗口",
            _ => "事项",
        };

    public static string List(IReadOnlyList<string> names, string where, int named = Problems) =>
        names.Count <= named + 1
            ? string.Join('、', names)
            : $"{string.Join('、', names.Take(named))}，另外{names.Count - named}个见{where}";

    /// <summary>Formats a subject with its figures. A rate always has its interval and n.</summary>
    public static string Figures(ReportSubject subject) =>
        $"{subject.Name}{Figures(subject.Rate, subject.Low, subject.High, subject.N, subject.Reason)}";

    public static string Figures(LevelRow row) => Figures(row.Rate, row.Low, row.High, row.N, null);

    private static string Figures(double? rate, double? low, double? high, int? n, string? reason) =>
        $"{ReportText.Percent(rate)}（{ReportText.Bare(ReportText.Interval(low, high))}，{n}条{(reason is null ? "" : $"，差评多因“{reason}”")}）";
}
