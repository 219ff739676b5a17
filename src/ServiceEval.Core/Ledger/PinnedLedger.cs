using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Ledger;

/// <summary>Reads the ledger head and the tallies from one snapshot.</summary>
internal static class PinnedLedger
{
    internal static readonly string[] CountColumns =
    [
        nameof(GradedTally.VerySatisfied),
        nameof(GradedTally.Satisfied),
        nameof(GradedTally.BasicallySatisfied),
        nameof(GradedTally.Dissatisfied),
        nameof(GradedTally.VeryDissatisfied),
    ];

    /// <summary>
    /// The maximum number of windows that are read. A province has fewer windows. Rows beyond this number are odd rows.
    /// </summary>
    internal const int MostWindows = 1_000_000;

    private const int MostHeads = 1_000;

    /// <param name="connection">A connection whose queries all see one snapshot.</param>
    /// <param name="tallies">Receives the tallies that grow with the history.</param>
    /// <param name="lengthOf">The database's name for the function that returns the length of a value in bytes.</param>
    public static LedgerSnapshot Read(LedgerConnection connection, TallySums tallies, string lengthOf)
    {
        var odd = new OddRows();
        var (head, oddHeads) = ReadHead(connection);
        var windows = new Dictionary<WindowKey, GradeCounts>();
        ReadTally(
            connection,
            odd,
            "TalliesByHour",
            ["LocalDate", "LocalHour", "WindowId", "DepartmentId", "Tier", "Channel", "Standing"],
            static r => new HourKey(
                r.Date(0),
                r.Small(1),
                r.Number(2),
                r.Number(3),
                (Tier)r.Small(4),
                (Channel)r.Small(5),
                (Standing)r.Small(6)
            ),
            Counts,
            CountColumns,
            (k, c) => tallies.Add(k, c)
        );
        ReadTally(
            connection,
            odd,
            "TalliesByItem",
            ["LocalDate", "WindowId", "ItemId", "DepartmentId", "Tier", "Standing"],
            static r => new ItemKey(
                r.Date(0),
                r.Number(1),
                r.Number(2),
                r.Number(3),
                (Tier)r.Small(4),
                (Standing)r.Small(5)
            ),
            Counts,
            CountColumns,
            (k, c) => tallies.Add(k, c)
        );
        ReadTally(
            connection,
            odd,
            "TalliesByWindow",
            ["WindowId", "Tier", "Standing"],
            static r => new WindowKey(r.Number(0), (Tier)r.Small(1), (Standing)r.Small(2)),
            Counts,
            CountColumns,
            (k, c) =>
            {
                if (windows.Count < MostWindows)
                    windows[k] = c;
                else
                    odd.Add("TalliesByWindow", $"{k.WindowId}");
            }
        );
        ReadTally(
            connection,
            odd,
            "TalliesByTag",
            ["LocalDate", "WindowId", "TagCode", "Standing"],
            static r => new TagKey(r.Date(0), r.Number(1), r.Text(2), (Standing)r.Small(3)),
            static (r, at) => r.Number(at),
            ["Count"],
            (k, c) => tallies.Add(k, c),
            TagColumns(lengthOf)
        );
        return new LedgerSnapshot(
            head,
            oddHeads,
            LastSequence(connection),
            windows,
            odd,
            PinnedBoards.Read(connection, odd),
            new(
                Ids(connection, "Windows"),
                Ids(connection, "Departments"),
                Ids(connection, "ServiceItems"),
                Halls(connection, lengthOf)
            ),
            ShowsMadeUpPast(connection)
        );
    }

    private static string TagColumns(string lengthOf)
    {
        var code = LedgerRows.Bounded("TagCode", LedgerRows.LongestName, lengthOf);
        return $"{LedgerRows.Columns("LocalDate", "WindowId")}, {code}, {LedgerRows.Columns("Standing", "Count")}";
    }

    /// <summary>Returns true if screens show imported ratings although the database is not a demonstration.</summary>
    private static bool ShowsMadeUpPast(LedgerConnection connection)
    {
        var shows = false;
        using var rows = connection.Query(
            "SELECT CAST(t.\"Demo\" AS integer), CAST(t.\"ShowsMadeUpPast\" AS integer) FROM \"Installation\" t"
        );
        while (rows.Read())
            shows |= rows.Number(0) == 0 && rows.Number(1) != 0;
        return shows;
    }

    public static long LastSequence(LedgerConnection connection)
    {
        using var rows = connection.Query("SELECT COALESCE(MAX(t.\"Sequence\"), 0) FROM \"LedgerBlocks\" t");
        return rows.Read() ? Math.Max(0, rows.Large(0)) : 0;
    }

    private static (LedgerHead? Head, IReadOnlyList<string> Odd) ReadHead(LedgerConnection connection)
    {
        LedgerHead? head = null;
        var odd = new List<string>();
        using var rows = connection.Query(
            $"SELECT {LedgerRows.Columns("Id", "Sequence", "Hash")} FROM \"LedgerHead\" t"
        );
        while (rows.Read())
        {
            var row = new LedgerHead
            {
                Id = rows.Number(0),
                Sequence = rows.Large(1),
                Hash = rows.Hash(2),
            };
            if (row.Id != LedgerHead.OnlyId && odd.Count < MostHeads)
                odd.Add(rows.Name(0));
            else if (row.Id != LedgerHead.OnlyId)
                continue;
            else if (rows.Legible)
                head = row;
        }
        return (head, odd);
    }

    internal static void ReadTally<TKey, TCount>(
        LedgerConnection connection,
        OddRows odd,
        string table,
        string[] key,
        Func<SuspectRows, TKey> read,
        Func<SuspectRows, int, TCount> count,
        string[] counts,
        Action<TKey, TCount> each,
        string? columns = null
    )
    {
        columns ??= LedgerRows.Columns([.. key, .. counts]);
        using var rows = connection.Query($"SELECT {columns} FROM \"{table}\" t");
        while (rows.Read())
        {
            var (row, number) = (read(rows), count(rows, key.Length));
            if (rows.Legible)
                each(row, number);
            else
                odd.Add(table, string.Join('/', Enumerable.Range(0, key.Length).Select(rows.Name)));
        }
    }

    internal static GradeCounts Counts(SuspectRows row, int at) =>
        new(row.Number(at), row.Number(at + 1), row.Number(at + 2), row.Number(at + 3), row.Number(at + 4));

    private static Dictionary<int, string> Halls(LedgerConnection connection, string lengthOf)
    {
        var (codes, halls) = (new Dictionary<int, string>(), new Dictionary<int, string>());
        var code = LedgerRows.Bounded("Code", LedgerRows.LongestName, lengthOf);
        using (var rows = connection.Query($"SELECT {LedgerRows.Columns("Id")}, {code} FROM \"Halls\" t"))
        {
            while (rows.Read() && codes.Count < MostWindows)
            {
                var (id, name) = (rows.Number(0), rows.Text(1));
                if (rows.Legible)
                    codes[id] = name;
            }
        }
        using var windows = connection.Query($"SELECT {LedgerRows.Columns("Id", "HallId")} FROM \"Windows\" t");
        while (windows.Read() && halls.Count < MostWindows)
        {
            var (id, hall) = (windows.Number(0), windows.Number(1));
            if (windows.Legible && codes.TryGetValue(hall, out var name))
                halls[id] = name;
        }
        return halls;
    }

    private static HashSet<int> Ids(LedgerConnection connection, string table)
    {
        var ids = new HashSet<int>();
        using var rows = connection.Query($"SELECT {LedgerRows.Columns("Id")} FROM \"{table}\" t");
        while (rows.Read())
        {
            var id = rows.Number(0);
            if (rows.Legible)
                ids.Add(id);
        }
        return ids;
    }
}
