using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Counting;

/// <summary>A week's tallies, each in the order of its key, and the ledger head that covers them.</summary>
public sealed record WeekRows(
    IsoWeek Week,
    BlockReference Head,
    IReadOnlyList<HourTally> Rows,
    IReadOnlyList<ItemTally> Items,
    IReadOnlyList<TagTally> Tags
)
{
    private const string Domain = "serviceeval/week-rows/2\n";

    /// <summary>Reads the week of every hall. The caller must call this method within one snapshot.</summary>
    public static async Task<WeekRows> ReadAsync(ServiceEvalDb db, IsoWeek week, CancellationToken ct)
    {
        var head = await db.LedgerHead.AsNoTracking().SingleOrDefaultAsync(ct) ?? new LedgerHead();
        var (from, to) = (week.Monday, week.Sunday);
        var rows = await db
            .TalliesByHour.AsNoTracking()
            .Where(t => t.LocalDate >= from && t.LocalDate <= to)
            .OrderBy(t => t.LocalDate)
            .ThenBy(t => t.LocalHour)
            .ThenBy(t => t.WindowId)
            .ThenBy(t => t.DepartmentId)
            .ThenBy(t => t.Tier)
            .ThenBy(t => t.Channel)
            .ThenBy(t => t.Standing)
            .ToListAsync(ct);
        var items = await db
            .TalliesByItem.AsNoTracking()
            .Where(t => t.LocalDate >= from && t.LocalDate <= to)
            .OrderBy(t => t.LocalDate)
            .ThenBy(t => t.WindowId)
            .ThenBy(t => t.ItemId)
            .ThenBy(t => t.DepartmentId)
            .ThenBy(t => t.Tier)
            .ThenBy(t => t.Standing)
            .ToListAsync(ct);
        var tags = await db
            .TalliesByTag.AsNoTracking()
            .Where(t => t.LocalDate >= from && t.LocalDate <= to)
            .ToListAsync(ct);
        // Tags are sorted here, because the order of texts in a database depends on its collation.
        tags.Sort(
            (a, b) =>
                (a.LocalDate, a.WindowId, a.Standing).CompareTo((b.LocalDate, b.WindowId, b.Standing))
                    is var order
                        and not 0
                    ? order
                    : string.CompareOrdinal(a.TagCode, b.TagCode)
        );
        return new(week, new BlockReference(head.Sequence, head.Hash), rows, items, tags);
    }

    /// <summary>Returns only the rows of the scope's windows.</summary>
    public WeekRows Of(ReportScope scope)
    {
        var windows = scope.WindowIds;
        return this with
        {
            Rows = [.. Rows.Where(r => windows.Contains(r.WindowId))],
            Items = [.. Items.Where(r => windows.Contains(r.WindowId))],
            Tags = [.. Tags.Where(r => windows.Contains(r.WindowId))],
        };
    }

    /// <summary>
    /// Returns the rows of each scope by the scope's code. Each row is read once, however many scopes there are.
    /// </summary>
    public IReadOnlyDictionary<string, WeekRows> Of(IReadOnlyCollection<ReportScope> scopes)
    {
        var scopesOf = scopes
            .SelectMany(scope => scope.WindowIds, (scope, window) => (scope.Code, window))
            .ToLookup(p => p.window, p => p.Code);
        ILookup<string, T> Split<T>(IReadOnlyList<T> rows, Func<T, int> window) =>
            rows.SelectMany(row => scopesOf[window(row)], (row, scope) => (scope, row))
                .ToLookup(p => p.scope, p => p.row);
        var (hours, items, tags) = (
            Split(Rows, r => r.WindowId),
            Split(Items, r => r.WindowId),
            Split(Tags, r => r.WindowId)
        );
        return scopes.ToDictionary(
            scope => scope.Code,
            scope =>
                this with
                {
                    Rows = [.. hours[scope.Code]],
                    Items = [.. items[scope.Code]],
                    Tags = [.. tags[scope.Code]],
                }
        );
    }

    /// <summary>The valid rows (<see cref="Counting"/>).</summary>
    public IEnumerable<HourTally> Valid => Rows.Where(r => r.IsValid());

    /// <summary>
    /// Returns SHA-256 over the rows alone, without the ledger head and the time. The hash changes if and only if the
    /// week's figures change. Each row is one line: the letter of its table, then decimal numbers and codes, separated
    /// by commas, in the order of the table's columns. Rows that contain only zeros are left out.
    /// </summary>
    public byte[] Hash()
    {
        var text = new StringBuilder(Domain);
        foreach (var r in Rows.Where(r => !r.Counts.IsZero))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"h{r.LocalDate:yyyyMMdd},{r.LocalHour},{r.WindowId},{r.DepartmentId},{(int)r.Tier},{(int)r.Channel},{(int)r.Standing}"
            );
            Append(text, r.Counts);
        }
        foreach (var r in Items.Where(r => !r.Counts.IsZero))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"i{r.LocalDate:yyyyMMdd},{r.WindowId},{r.ItemId},{r.DepartmentId},{(int)r.Tier},{(int)r.Standing}"
            );
            Append(text, r.Counts);
        }
        foreach (var r in Tags.Where(r => r.Count != 0))
            text.Append(
                CultureInfo.InvariantCulture,
                $"t{r.LocalDate:yyyyMMdd},{r.WindowId},{r.TagCode},{(int)r.Standing},{r.Count}\n"
            );
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Append(StringBuilder text, GradeCounts counts)
    {
        foreach (var grade in Grades.All)
            text.Append(CultureInfo.InvariantCulture, $",{counts[grade]}");
        text.Append('\n');
    }
}
