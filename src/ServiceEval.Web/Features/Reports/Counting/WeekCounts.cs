using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Reports.Compiling;

namespace ServiceEval.Web.Features.Reports.Counting;

/// <summary>A week's valid ratings (counted and not imputed) by window, by item and by tag.</summary>
public sealed record WeekCounts(
    IsoWeek Week,
    IReadOnlyList<WindowCount> Windows,
    IReadOnlyList<ItemCount> Items,
    IReadOnlyList<TagCount> Tags
)
{
    public GradeCounts Total => Windows.Aggregate(default(GradeCounts), (sum, row) => sum + row.Counts);

    public static WeekCounts Of(WeekRows rows) =>
        new(
            rows.Week,
            [
                .. rows
                    .Valid.GroupBy(r => (r.WindowId, r.DepartmentId))
                    .Select(g => new WindowCount(g.Key.WindowId, g.Key.DepartmentId, Sum(g))),
            ],
            [
                .. rows
                    .Items.Where(r => r.IsValid())
                    .GroupBy(r => (r.WindowId, r.ItemId, r.DepartmentId))
                    .Select(g => new ItemCount(g.Key.WindowId, g.Key.ItemId, g.Key.DepartmentId, Sum(g))),
            ],
            [
                .. rows
                    .Tags.Where(r => r.Standing == Standing.Counted)
                    .GroupBy(r => (r.WindowId, r.TagCode))
                    .Select(g => new TagCount(g.Key.WindowId, g.Key.TagCode, g.Sum(t => t.Count))),
            ]
        );

    /// <summary>
    /// Reads an earlier week. The database sums the rows, because the days, hours and channels of an earlier week are
    /// not needed any more.
    /// </summary>
    public static async Task<WeekCounts> ReadAsync(ServiceEvalDb db, IsoWeek week, CancellationToken ct)
    {
        var (from, to) = (week.Monday, week.Sunday);
        var windows = await db
            .TalliesByHour.Where(t => t.LocalDate >= from && t.LocalDate <= to)
            .WhereValid()
            .GroupBy(t => new { t.WindowId, t.DepartmentId })
            .OrderBy(g => g.Key.WindowId)
            .ThenBy(g => g.Key.DepartmentId)
            .Select(g => new
            {
                g.Key,
                A = g.Sum(t => t.VerySatisfied),
                B = g.Sum(t => t.Satisfied),
                C = g.Sum(t => t.BasicallySatisfied),
                D = g.Sum(t => t.Dissatisfied),
                E = g.Sum(t => t.VeryDissatisfied),
            })
            .ToListAsync(ct);
        var items = await db
            .TalliesByItem.Where(t => t.LocalDate >= from && t.LocalDate <= to)
            .WhereValid()
            .GroupBy(t => new
            {
                t.WindowId,
                t.ItemId,
                t.DepartmentId,
            })
            .OrderBy(g => g.Key.WindowId)
            .ThenBy(g => g.Key.ItemId)
            .ThenBy(g => g.Key.DepartmentId)
            .Select(g => new
            {
                g.Key,
                A = g.Sum(t => t.VerySatisfied),
                B = g.Sum(t => t.Satisfied),
                C = g.Sum(t => t.BasicallySatisfied),
                D = g.Sum(t => t.Dissatisfied),
                E = g.Sum(t => t.VeryDissatisfied),
            })
            .ToListAsync(ct);
        var tags = await db
            .TalliesByTag.Where(t => t.LocalDate >= from && t.LocalDate <= to && t.Standing == Standing.Counted)
            .GroupBy(t => new { t.WindowId, t.TagCode })
            .OrderBy(g => g.Key.WindowId)
            .ThenBy(g => g.Key.TagCode)
            .Select(g => new { g.Key, Count = g.Sum(t => t.Count) })
            .ToListAsync(ct);
        return new(
            week,
            windows.ConvertAll(w => new WindowCount(w.Key.WindowId, w.Key.DepartmentId, new(w.A, w.B, w.C, w.D, w.E))),
            items.ConvertAll(i => new ItemCount(
                i.Key.WindowId,
                i.Key.ItemId,
                i.Key.DepartmentId,
                new(i.A, i.B, i.C, i.D, i.E)
            )),
            tags.ConvertAll(t => new TagCount(t.Key.WindowId, t.Key.TagCode, t.Count))
        );
    }

    public WeekCounts Within(IReadOnlySet<int> windows) =>
        this with
        {
            Windows = [.. Windows.Where(w => windows.Contains(w.WindowId))],
            Items = [.. Items.Where(i => windows.Contains(i.WindowId))],
            Tags = [.. Tags.Where(t => windows.Contains(t.WindowId))],
        };

    public Dictionary<int, GradeCounts> ByWindow() => Sum(Windows, w => w.WindowId, w => w.Counts);

    /// <summary>Returns the counts by item id. Key 0 has the ratings for which the citizen named no item.</summary>
    public Dictionary<int, GradeCounts> ByItem()
    {
        var items = Sum(Items, i => i.ItemId, i => i.Counts);
        items[0] = Total - items.Values.Aggregate(default(GradeCounts), (sum, counts) => sum + counts);
        return items;
    }

    /// <summary>
    /// Returns the counts by department id: the department of the item if an item was named, else of the window. Key 0
    /// has the ratings that belong to no department. The counts add up to <see cref="Total"/>.
    /// </summary>
    public Dictionary<int, GradeCounts> ByDepartment() => Sum(Subjects(), s => s.DepartmentId, s => s.Counts);

    /// <summary>
    /// Returns the ratings of each window by the named item. Item id 0 has the ratings without an item. The counts add
    /// up to <see cref="Total"/>.
    /// </summary>
    public IEnumerable<SubjectCount> Subjects()
    {
        foreach (var item in Items)
            yield return new(item.WindowId, item.DepartmentId, item.ItemId, item.Counts);
        var named = Sum(Items, i => i.WindowId, i => i.Counts);
        foreach (var window in Windows)
        {
            // A window that changed its department has two rows. The tallies do not say to which of the two a rating
            // with an item belongs.
            var taken = Least(window.Counts, named.GetValueOrDefault(window.WindowId));
            named[window.WindowId] = named.GetValueOrDefault(window.WindowId) - taken;
            yield return new(window.WindowId, window.DepartmentId, 0, window.Counts - taken);
        }
    }

    public Dictionary<string, int> ByTag() =>
        Tags.GroupBy(t => t.TagCode, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(t => t.Count), StringComparer.Ordinal);

    private static GradeCounts Sum(IEnumerable<GradedTally> rows) =>
        rows.Aggregate(default(GradeCounts), (sum, row) => sum + row.Counts);

    private static Dictionary<int, GradeCounts> Sum<T>(
        IEnumerable<T> rows,
        Func<T, int> key,
        Func<T, GradeCounts> counts
    ) =>
        rows.GroupBy(key)
            .ToDictionary(g => g.Key, g => g.Aggregate(default(GradeCounts), (sum, row) => sum + counts(row)));

    private static GradeCounts Least(GradeCounts a, GradeCounts b) =>
        new(
            Math.Min(a.VerySatisfied, b.VerySatisfied),
            Math.Min(a.Satisfied, b.Satisfied),
            Math.Min(a.BasicallySatisfied, b.BasicallySatisfied),
            Math.Min(a.Dissatisfied, b.Dissatisfied),
            Math.Min(a.VeryDissatisfied, b.VeryDissatisfied)
        );
}

public readonly record struct WindowCount(int WindowId, int DepartmentId, GradeCounts Counts);

public readonly record struct ItemCount(int WindowId, int ItemId, int DepartmentId, GradeCounts Counts);

/// <param name="ItemId">0 if the citizen named no item.</param>
public readonly record struct SubjectCount(int WindowId, int DepartmentId, int ItemId, GradeCounts Counts);

public readonly record struct TagCount(int WindowId, string TagCode, int Count);
