using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Reports.Statistics;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Which tags were given, and which moved.</summary>
internal static class TagTable
{
    public static IReadOnlyList<ReportTag> Of(ScopedWeek week, IReadOnlyList<WeekCounts> baseline)
    {
        var now = week.Now.ByTag();
        var before = baseline.SelectMany(w => w.Tags).GroupBy(t => t.TagCode, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(t => t.Count), StringComparer.Ordinal);
        var (n, nBefore) = (week.Total.Total, baseline.Sum(w => w.Total.Total));
        var rows = now.Keys.Union(before.Keys, StringComparer.Ordinal).Select(code => (Code: code, Tag: week.Directory.Tag(code))).Where(t => t.Tag is not null)
            .Select(t => (t.Code, Tag: t.Tag!, Now: now.GetValueOrDefault(t.Code), Before: before.GetValueOrDefault(t.Code)))
            .Where(t => t.Now + t.Before > 0)
            .OrderByDescending(t => t.Tag.Grade).ThenByDescending(t => t.Now).ThenBy(t => t.Code, StringComparer.Ordinal).ToList();

        var isCompared = n > 0 && nBefore > 0;
        var moved = isCompared
            // A rating bears a tag once, so that its share of the ratings is a proportion.
            ? BenjaminiHochberg.Discoveries([.. rows.Select(t => TwoProportions.Compare(new(t.Before, nBefore), new(t.Now, n)).P)])
            : [.. rows.Select(_ => false)];
        return [.. rows.Zip(moved, (t, hasMoved) => new ReportTag(
            t.Code, t.Tag.Text, t.Tag.Grade, Shown(t.Now), Shown(t.Now) is { } count && n > 0 ? (double)count / n : null,
            isCompared && Shown(t.Before) is { } earlier ? (double)earlier / nBefore : null,
            hasMoved && Shown(t.Now) is not null ? (double)t.Now / n > (double)t.Before / nBefore : null))];

        int? Shown(int count) => count == 0 || count >= week.Cohort ? count : null;
    }

    public static bool IsMoreOfBad(ReportTag tag) => tag.Rose == true && tag.Grade.IsBad();
}
