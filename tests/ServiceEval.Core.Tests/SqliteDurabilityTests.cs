using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;
using ServiceEval.Sqlite;

namespace ServiceEval.Core.Tests;

public sealed class SqliteDurabilityTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;
    private SqliteWriter _writer = null!;

    private string File => Path.Combine(_directory, "serviceeval.db");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var connectionString = $"Data Source={File};Pooling=False";
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite(connectionString);
        await using var db = new ServiceEvalDb(options.Options);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", Ct);
        await db.Database.MigrateAsync(Ct);
        _writer = new SqliteWriter(connectionString, author: null, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task The_writers_live_connection_syncs_every_commit() =>
        Assert.Equal("2", await PragmaAsync("synchronous"));

    [Fact]
    public async Task The_writers_live_connection_writes_ahead() =>
        Assert.Equal("wal", await PragmaAsync("journal_mode"));

    [Theory]
    [InlineData("Ratings")]
    [InlineData("TalliesByHour")]
    [InlineData("TalliesByItem")]
    [InlineData("DeviceMarks")]
    public async Task Tables_of_the_hot_path_have_no_row_id(string table)
    {
        var sql = await _writer.WriteAsync(
            (db, ct) =>
                db
                    .Database.SqlQuery<string>($"SELECT sql AS Value FROM sqlite_master WHERE name = {table}")
                    .SingleAsync(ct),
            Ct
        );
        Assert.EndsWith("WITHOUT ROWID", sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_written_is_copied_home_while_somebody_else_writes()
    {
        await _writer.WriteAsync(
            (db, ct) =>
                db.Database.ExecuteSqlRawAsync(
                    """
                    CREATE TABLE Ballast (Megabyte BLOB);
                    WITH RECURSIVE Count (I) AS (SELECT 1 UNION ALL SELECT I + 1 FROM Count WHERE I < 40)
                    INSERT INTO Ballast SELECT randomblob(1048576) FROM Count;
                    """,
                    ct
                ),
            Ct
        );

        // This write takes the turn at once and keeps it. So the checkpoint, which copies the log into the file, is the
        // only reason that the file grows.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        await _writer.WriteAsync(
            async (_, ct) =>
            {
                while (new FileInfo(File).Length < 31 * 1048576)
                    await Task.Delay(TimeSpan.FromMilliseconds(10), ct);
                return true;
            },
            patience.Token
        );
    }

    private Task<string> PragmaAsync(string name) =>
        _writer.WriteAsync(
            async (db, ct) =>
            {
                await db.Database.OpenConnectionAsync(ct);
                await using var command = db.Database.GetDbConnection().CreateCommand();
                command.CommandText = $"PRAGMA {name}";
                return Convert.ToString(
                    await command.ExecuteScalarAsync(ct),
                    System.Globalization.CultureInfo.InvariantCulture
                )!;
            },
            Ct
        );
}
