using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Ledger;

/// <summary>Reads the ledger head and the tallies from one snapshot.</summary>
internal static class PinnedLedger
{
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
        ReadTally(connection, odd, HotRows.Hours, lengthOf, (k, c) => tallies.Add(k, c));
        ReadTally(connection, odd, HotRows.Items, lengthOf, (k, c) => tallies.Add(k, c));
        ReadTally(connection, odd, HotRows.Tags, lengthOf, (k, c) => tallies.Add(k, c));
        ReadTally(
            connection,
            odd,
            HotRows.Windows,
            lengthOf,
            (k, c) =>
            {
                if (windows.Count < MostWindows)
                    windows[k] = c;
                else
                    odd.Add(HotRows.Windows.Columns.Table, $"{k.WindowId}");
            }
        );
        return new LedgerSnapshot(
            head,
            oddHeads,
            LastSequence(connection),
            windows,
            odd,
            PinnedBoards.Read(connection, odd, lengthOf),
            new(Ids(connection, "Windows"), Ids(connection, "Departments"), Ids(connection, "ServiceItems")),
            ShowsMadeUpPast(connection)
        );
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
        var last = rows.Read() ? Math.Max(0, rows.Large(0)) : 0;
        // If the largest sequence is not an integer, no block is later than this reading.
        return rows.Legible ? last : long.MaxValue;
    }

    private static (LedgerHead? Head, IReadOnlyList<string> Odd) ReadHead(LedgerConnection connection)
    {
        LedgerHead? head = null;
        var odd = new List<string>();
        using var rows = connection.Query(
            $"SELECT {VerifiedColumns.Columns("Id", "Sequence", "Hash")} FROM \"LedgerHead\" t"
        );
        while (rows.Read())
        {
            var row = new LedgerHead
            {
                Id = rows.Number(0),
                Sequence = rows.Large(1),
                Hash = rows.Bytes(2, 32),
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
        Tally<TKey, TCount> tally,
        string lengthOf,
        Action<TKey, TCount> each
    )
    {
        var list = tally.Columns;
        using var rows = connection.Query($"SELECT {list.Select(lengthOf)} FROM \"{list.Table}\" t");
        while (rows.Read())
        {
            var values = new StoredValues(rows);
            var (key, count) = (tally.ReadKey(ref values), tally.ReadCount(ref values));
            if (rows.Legible)
                each(key, count);
            else
                odd.Add(list.Table, string.Join('/', list.Key.Select((_, at) => rows.Name(at))));
        }
    }

    private static HashSet<int> Ids(LedgerConnection connection, string table)
    {
        var ids = new HashSet<int>();
        using var rows = connection.Query($"SELECT {VerifiedColumns.Columns("Id")} FROM \"{table}\" t");
        while (rows.Read())
        {
            var id = rows.Number(0);
            if (rows.Legible)
                ids.Add(id);
        }
        return ids;
    }
}
