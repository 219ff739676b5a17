using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.TestDatabases;

/// <summary>A database of one test with the real schema. A test can run any SQL on it.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    public abstract string ConnectionString { get; }
    public abstract IWriteGate Writes { get; }
    public abstract IReadSnapshot Snapshots { get; }
    public abstract ILedgerReader Ledger { get; }

    /// <summary>The author of all stores. They share it as processes share one key file.</summary>
    protected LedgerAuthor Author { get; } = NewAuthor();

    protected abstract DbContextOptions<ServiceEvalDb> Options { get; }

    /// <summary>
    /// Creates a store with its own connections, as in another process. The caller disposes of the store.
    /// </summary>
    public abstract IRatingStore NewStore(TimeProvider? time = null);

    /// <summary>Creates an author with its own key.</summary>
    public static LedgerAuthor NewAuthor()
    {
        var key = SigningKey.Create();
        return new LedgerAuthor("test", _ => [key]);
    }

    public ServiceEvalDb NewContext() => new(Options);

    /// <summary>
    /// Reads rows with plain SQL that does not pass through the product. Each value has the same form on every
    /// database: bytes and ids as lower-case hex, dates as yyyyMMdd, times as milliseconds.
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

    /// <summary>Runs the SQL and returns the number of changed rows.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = Connect();
        await using var command = Command(connection, sql);
        await connection.OpenAsync();
        return await command.ExecuteNonQueryAsync();
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Returns a connection that is not open yet.</summary>
    public abstract DbConnection Connect();

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The method exists to run any SQL of a test.
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
