using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceEval.Core.Reports;

/// <summary>A report's public name, such as <c>county-2026-W47-v1</c>.</summary>
public readonly partial record struct ReportId(string Scope, string Week, int Version)
{
    public static ReportId? Parse(string text) =>
        Form().Match(text) is { Success: true } match
        && int.TryParse(match.Groups[3].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new(match.Groups[1].Value, match.Groups[2].Value, version)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scope}-{Week}-v{Version}");

    [GeneratedRegex(@"\A(.{1,40})-(\d{4}-W\d{2})-v([1-9]\d{0,8})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
