using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Protection;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Lists the tags that were given and the tags that moved. The existence of a row alone discloses that someone gave the
/// tag's grade.
/// </summary>
internal static class TagTable
{
    /// <summary>Returns the tags that may be named, and how often the other tags were given.</summary>
    public static (IReadOnlyList<ReportTag> Tags, int? Others) Of(ScopedWeek week, IReadOnlyList<WeekCounts> baseline)
    {
        if (!week.ShowsTotal)
            return ([], null);
        var now = week.Now.ByTag();
        var before = baseline
            .SelectMany(w => w.Tags)
            .GroupBy(t => t.TagCode, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(t => t.Count), StringComparer.Ordinal);
        var (n, nBefore) = (week.Total.Total, baseline.Sum(w => w.Total.Total));
        var rows = now
            .Keys.Union(before.Keys, StringComparer.Ordinal)
            .Select(code => (Code: code, Tag: week.Directory.Tag(code)))
            .Where(t => t.Tag is not null)
            .Select(t =>
                (t.Code, Tag: t.Tag!, Now: now.GetValueOrDefault(t.Code), Before: before.GetValueOrDefault(t.Code))
            )
            .Where(t => Shown(week.Shown, t.Code, t.Now) && (t.Now > 0 || (t.Before > 0 && ShownBefore(t.Code))))
            .OrderByDescending(t => t.Tag.Grade)
            .ThenByDescending(t => t.Now)
            .ThenBy(t => t.Code, StringComparer.Ordinal)
            .ToList();

        var isComparedAtAll = n > 0 && nBefore > 0;
        var moved = isComparedAtAll
            // A rating has a tag at most once, so the tag's share of the ratings is a proportion.
            ? BenjaminiHochberg.Discoveries([
                .. rows.Select(t => TwoProportions.Compare(new(t.Before, nBefore), new(t.Now, n)).P),
            ])
            : [.. rows.Select(_ => false)];
        var others = now.Where(t => !Shown(week.Shown, t.Key, t.Value)).Sum(t => t.Value);
        return (
            [
                .. rows.Zip(
                    moved,
                    (t, hasMoved) =>
                    {
                        var isCompared = isComparedAtAll && ShownBefore(t.Code);
                        return new ReportTag(
                            t.Code,
                            t.Tag.Text,
                            t.Tag.Grade,
                            t.Now,
                            n > 0 ? (double)t.Now / n : null,
                            isCompared ? (double)t.Before / nBefore : null,
                            hasMoved ? (double)t.Now / n > (double)t.Before / nBefore : null
                        );
                    }
                ),
            ],
            others > 0 && week.Shown.Has(new(CellTable.OtherTags, week.Place), others) ? others : null
        );

        bool Shown(ShownCells cells, string code, int count) =>
            cells.Has(new(CellTable.Tag, week.Place, 0, code), count);

        bool ShownBefore(string code) =>
            baseline.All(w => Shown(week.ShownIn(w), code, w.Tags.Where(t => t.TagCode == code).Sum(t => t.Count)));
    }

    public static bool IsMoreOfBad(ReportTag tag) => tag.Rose == true && tag.Grade.IsBad();
}
