using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Data.Sqlite;

namespace ServiceEval.Data.Tests;

/// <summary>A database file of its own with the real schema; migrated once, then copied, for a property needs hundreds.</summary>
internal sealed class SqliteFile : IDisposable
{
    private static readonly Lazy<Task<byte[]>> Empty = new(MigrateAsync);

    private readonly string _directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;

    private SqliteFile()
    {
    }

    public string ConnectionString => ConnectionTo(_directory);

    public static async Task<SqliteFile> CreateAsync()
    {
        var file = new SqliteFile();
        await File.WriteAllBytesAsync(PathIn(file._directory), await Empty.Value, TestContext.Current.CancellationToken);
        return file;
    }

    /// <summary>Rows of plain SQL, past everything of ours.</summary>
    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row)
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string PathIn(string directory) => Path.Combine(directory, "serviceeval.db");

    private static string ConnectionTo(string directory) => $"Data Source={PathIn(directory)};Pooling=False";

    private static async Task<byte[]> MigrateAsync()
    {
        using var file = new SqliteFile();
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite(file.ConnectionString);
        await using (var db = new ServiceEvalDb(options.Options))
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL");
            await db.Database.MigrateAsync();
        }
        return await File.ReadAllBytesAsync(PathIn(file._directory));
    }
}
