using ServiceEval.Core.Storage.Columns;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// The figures that boards have shown: the cursor of each window, the sum of its released days, and the ledger heads of
/// the releases.
/// </summary>
/// <param name="Cursors">The cursors by window.</param>
/// <param name="Released">The sums by window, one number for each grade. They are 64 bits wide, because tampered rows
/// can hold any value.</param>
public sealed record BoardsFound(
    IReadOnlyDictionary<int, GradeCounts> Cursors,
    IReadOnlyDictionary<int, long[]> Released,
    IReadOnlyList<ReleaseFound> Releases
);

public sealed record ReleaseFound(int HallId, DateTimeOffset ReleasedAt, long LedgerSequence, byte[] LedgerHash);

internal static class PinnedBoards
{
    /// <summary>
    /// The maximum number of releases that are read. There is one release for each hall. Rows beyond this number are
    /// odd rows.
    /// </summary>
    private const int MostReleases = 200_000;

    private static readonly Tally<CursorKey, GradeCounts> Cursors = new(
        new ColumnList<KeyValuePair<CursorKey, GradeCounts>>("BoardCursors").Number(t => t.Key.WindowId).Grades(),
        static (ref v) => new(v.Number()),
        GradeColumns.Read
    );

    private static readonly Tally<DayKey, GradeCounts> Days = new(
        new ColumnList<KeyValuePair<DayKey, GradeCounts>>("ReleasedDays")
            .Number(t => t.Key.WindowId)
            .Date(t => t.Key.LocalDate)
            .Grades(),
        static (ref v) => new(v.Number(), v.Date()),
        GradeColumns.Read
    );

    public static BoardsFound Read(LedgerConnection connection, OddRows odd, string lengthOf)
    {
        var (cursors, released) = (new Dictionary<int, GradeCounts>(), new Dictionary<int, long[]>());
        PinnedLedger.ReadTally(
            connection,
            odd,
            Cursors,
            lengthOf,
            (cursor, counts) =>
            {
                if (cursors.Count < PinnedLedger.MostWindows)
                    cursors[cursor.WindowId] = counts;
                else
                    odd.Add("BoardCursors", $"{cursor.WindowId}");
            }
        );
        PinnedLedger.ReadTally(
            connection,
            odd,
            Days,
            lengthOf,
            (day, counts) =>
            {
                var isOneMore = released.Count >= PinnedLedger.MostWindows && !released.ContainsKey(day.WindowId);
                if (isOneMore)
                    odd.Add("ReleasedDays", $"{day.WindowId}");
                else
                    Add(released, day.WindowId, counts);
            }
        );
        return new BoardsFound(cursors, released, Releases(connection, odd));
    }

    private static void Add(Dictionary<int, long[]> released, int window, GradeCounts counts)
    {
        if (!released.TryGetValue(window, out var sums))
            released.Add(window, sums = new long[5]);
        sums[0] += counts.VerySatisfied;
        sums[1] += counts.Satisfied;
        sums[2] += counts.BasicallySatisfied;
        sums[3] += counts.Dissatisfied;
        sums[4] += counts.VeryDissatisfied;
    }

    private static List<ReleaseFound> Releases(LedgerConnection connection, OddRows odd)
    {
        var releases = new List<ReleaseFound>();
        using var rows = connection.Query(
            $"SELECT {VerifiedColumns.Columns("HallId", "ReleasedAt", "LedgerSequence", "LedgerHash")} "
                + "FROM \"BoardReleases\" t"
        );
        while (rows.Read())
        {
            var release = new ReleaseFound(rows.Number(0), rows.Time(1), rows.Large(2), rows.Bytes(3, 32));
            if (rows.Legible && releases.Count < MostReleases)
                releases.Add(release);
            else
                odd.Add("BoardReleases", rows.Name(0));
        }
        return releases;
    }

    private readonly record struct CursorKey(int WindowId);

    private readonly record struct DayKey(int WindowId, DateOnly LocalDate);
}

/// <summary>
/// Rows that do not hold what their table should hold. The first rows are kept by table and key, and the others are
/// counted.
/// </summary>
public sealed class OddRows
{
    private const int Most = 1_000;

    private readonly List<(string Table, string Key)> _named = [];

    public IReadOnlyList<(string Table, string Key)> Named => _named;
    public long More { get; private set; }

    public void Add(string table, string key)
    {
        if (_named.Count < Most)
            _named.Add((table, key));
        else
            More++;
    }
}
