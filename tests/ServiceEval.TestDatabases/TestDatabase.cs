using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.TestDatabases;

/// <summary>A database of one test's own with the real schema, and open to anybody's SQL.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    public abstract string ConnectionString { get; }
    public abstract IWriteGate Writes { get; }
    public abstract IReadSnapshot Snapshots { get; }
    public abstract ILedgerReader Ledger { get; }

    /// <summary>Of all its stores, as processes that share one key file.</summary>
    protected LedgerAuthor Author { get; } = NewAuthor();

    protected abstract DbContextOptions<ServiceEvalDb> Options { get; }

    /// <summary>As in another process, with connections of its own. Whoever asked disposes of it.</summary>
    public abstract IRatingStore NewStore(TimeProvider? time = null);

    /// <summary>With a key of its own.</summary>
    public static LedgerAuthor NewAuthor()
    {
        var key = SigningKey.Create();
        return new LedgerAuthor("test", _ => [key]);
    }

    public ServiceEvalDb NewContext() => new(Options);

    /// <summary>
    /// Rows of plain SQL, past everything of ours, each value in the same form on every database: bytes and ids as
    /// lower-case hex, dates as yyyyMMdd, times as milliseconds.
    /// </summary>
    public async Task<IReadOnlyList<string[]>> ReadAsync(string sql)
    {
        await using var connection = Connect();
        await using var command = Command(connection, sql);
        await connection.OpenAsync();
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))]);
        return rows;
    }

    public async Task<long> CountAsync(string table) =>
        long.Parse((await ReadAsync($"SELECT COUNT(*) FROM \"{table}\""))[0][0], CultureInfo.InvariantCulture);

    /// <summary>Says how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = Connect();
        await using var command = Command(connection, sql);
        await connection.OpenAsync();
        return await command.ExecuteNonQueryAsync();
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Not open yet.</summary>
    public abstract DbConnection Connect();

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // It is there for any SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private static string Text(object value) =>
        value switch
        {
            byte[] bytes => Convert.ToHexStringLower(bytes),
            Guid id => id.ToString("N"),
            DateTimeOffset time => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            DateTime { Kind: DateTimeKind.Utc } time => new DateTimeOffset(time)
                .ToUnixTimeMilliseconds()
                .ToString(CultureInfo.InvariantCulture),
            DateTime date => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
}
