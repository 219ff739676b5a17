using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Data.Sqlite;

/// <summary>Head and tallies as one moment has them.</summary>
internal static class PinnedLedger
{
    public static LedgerSnapshot Read(SqliteConnection connection)
    {
        using var moment = connection.BeginTransaction(deferred: true);
        CheckSchema(connection);
        var odd = new List<(string, string)>();
        var (head, oddHeads) = ReadHead(connection);
        return new LedgerSnapshot(
            head, oddHeads, LastSequence(connection),
            ReadTally(connection, odd, "TalliesByHour", "LocalDate, LocalHour, WindowId, DepartmentId, Tier, Channel, Standing", static r => new HourKey(
                r.Date(0), r.Small(1), r.Number(2), r.Number(3), (Tier)r.Small(4), (Channel)r.Small(5), (Standing)r.Small(6)), Counts),
            ReadTally(connection, odd, "TalliesByItem", "LocalDate, WindowId, ItemId, DepartmentId, Tier, Standing", static r => new ItemKey(
                r.Date(0), r.Number(1), r.Number(2), r.Number(3), (Tier)r.Small(4), (Standing)r.Small(5)), Counts),
            ReadTally(connection, odd, "TalliesByWindow", "WindowId, Tier, Standing", static r => new WindowKey(
                r.Number(0), (Tier)r.Small(1), (Standing)r.Small(2)), Counts),
            ReadTally(connection, odd, "TalliesByTag", "LocalDate, WindowId, TagCode, Standing", static r => new TagKey(
                r.Date(0), r.Number(1), r.Text(2), (Standing)r.Small(3)), static (r, at) => r.Number(at), "Count"),
            odd);
    }

    public static long LastSequence(SqliteConnection connection)
    {
        using var rows = new SuspectRows(connection, "SELECT COALESCE(MAX(Sequence), 0) FROM LedgerBlocks");
        return rows.Read() ? Math.Max(0, rows.Long(0)) : 0;
    }

    /// <summary>A schema of another version can't be judged by this program; verification migrates nothing.</summary>
    private static void CheckSchema(SqliteConnection connection)
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite(connection);
        using var db = new ServiceEvalDb(options.Options);
        var ours = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = new HashSet<string>(StringComparer.Ordinal);
        using (var rows = new SuspectRows(connection, "SELECT MigrationId FROM __EFMigrationsHistory"))
        {
            while (rows.Read()) applied.Add(rows.Text(0));
        }
        if (!applied.IsSubsetOf(ours)) throw new LedgerUnreadableException(LedgerUnreadable.NewerThanProgram, applied.Except(ours).First());
        if (!ours.IsSubsetOf(applied)) throw new LedgerUnreadableException(LedgerUnreadable.OlderThanProgram, ours.Except(applied).First());
    }

    private static (LedgerHead? Head, IReadOnlyList<string> Odd) ReadHead(SqliteConnection connection)
    {
        LedgerHead? head = null;
        var odd = new List<string>();
        using var rows = new SuspectRows(connection, "SELECT Id, Sequence, Hash FROM LedgerHead");
        while (rows.Read())
        {
            var row = new LedgerHead { Id = rows.Number(0), Sequence = rows.Long(1), Hash = rows.Hash(2) };
            if (row.Id != LedgerHead.OnlyId) odd.Add(rows.Name(0));
            else if (rows.Legible) head = row;
        }
        return (head, odd);
    }

    private static Dictionary<TKey, TCount> ReadTally<TKey, TCount>(
        SqliteConnection connection, List<(string, string)> odd, string table, string key, Func<SuspectRows, TKey> read, Func<SuspectRows, int, TCount> count,
        string counts = "VerySatisfied, Satisfied, BasicallySatisfied, Dissatisfied, VeryDissatisfied") where TKey : notnull
    {
        var tally = new Dictionary<TKey, TCount>();
        var keys = key.Split(',').Length;
        using var rows = new SuspectRows(connection, $"SELECT {key}, {counts} FROM {table}");
        while (rows.Read())
        {
            var (row, number) = (read(rows), count(rows, keys));
            if (rows.Legible) tally[row] = number;
            else odd.Add((table, string.Join('/', Enumerable.Range(0, keys).Select(rows.Name))));
        }
        return tally;
    }

    private static GradeCounts Counts(SuspectRows row, int at) =>
        new(row.Number(at), row.Number(at + 1), row.Number(at + 2), row.Number(at + 3), row.Number(at + 4));
}
