using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Sqlite;

namespace ServiceEval.TestDatabases;

/// <summary>
/// A database file. It is migrated once and then copied, because one property test needs hundreds of databases.
/// </summary>
public sealed class SqliteTestDatabase : TestDatabase
{
    private static readonly Lazy<Task<byte[]>> Empty = new(MigrateAsync);

    private readonly string _directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;
    private readonly SqliteWriter _writer;

    private SqliteTestDatabase() => _writer = new SqliteWriter(ConnectionString, Author, TimeProvider.System);

    public string Path => System.IO.Path.Combine(_directory, "serviceeval.db");
    public override string ConnectionString => $"Data Source={Path};Pooling=False";
    public override IWriteGate Writes => _writer;
    public override IReadSnapshot Snapshots => new SqliteSnapshots(ConnectionString);
    public override ILedgerReader Ledger => new SqliteLedgerReader(ConnectionString);

    protected override DbContextOptions<ServiceEvalDb> Options =>
        (DbContextOptions<ServiceEvalDb>)
            new DbContextOptionsBuilder<ServiceEvalDb>().UseServiceEvalSqlite(ConnectionString).Options;

    public static async Task<SqliteTestDatabase> CreateAsync()
    {
        var database = new SqliteTestDatabase();
        await File.WriteAllBytesAsync(database.Path, await Empty.Value);
        return database;
    }

    public override IRatingStore NewStore(TimeProvider? time = null) =>
        new SqliteWriter(ConnectionString, Author, time ?? TimeProvider.System);

    public override DbConnection Connect() => new SqliteConnection(ConnectionString);

    public override async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<byte[]> MigrateAsync()
    {
        await using var database = new SqliteTestDatabase();
        await using (var db = database.NewContext())
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL");
            await db.Database.MigrateAsync();
        }
        return await File.ReadAllBytesAsync(database.Path);
    }
}
