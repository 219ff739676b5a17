using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ServiceEval.Core.Storage;
using ServiceEval.PostgreSql;
using ServiceEval.SqlServer;
using ServiceEval.TestDatabases;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>
/// A new data directory with the sample county. The database is in this directory or on a new server. The directory is
/// deleted at the end.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly DatabaseKind _kind;
    private readonly string _connectionString;
    private SqlServerServer? _sqlServer;

    private Installation(string directory, DatabaseKind kind, string? connectionString)
    {
        (DataDirectory, _kind) = (directory, kind);
        _connectionString = connectionString ?? $"Data Source={DatabasePath};Pooling=False";
        Settings =
        [
            ("ServiceEval__DataDirectory", directory),
            .. connectionString is null
                ? Array.Empty<(string, string)>()
                :
                [
                    ("ServiceEval__Database", $"{kind}".ToLowerInvariant()),
                    ("ConnectionStrings__ServiceEval", connectionString),
                ],
        ];
        var keys =
            kind == DatabaseKind.Sqlite
                ? (TicketKeyStore)new TicketKeyFile(directory)
                : new TicketKeyTable(new Contexts(kind, _connectionString));
        Issuer = new TicketIssuer(
            new TicketKeys(keys, TimeProvider.System, NullLogger<TicketKeys>.Instance),
            TimeProvider.System
        );
    }

    public string DataDirectory { get; }

    /// <summary>The path of the database file.</summary>
    public string DatabasePath => Path.Combine(DataDirectory, "serviceeval.db");

    /// <summary>The server of the database; null if the database is not on PostgreSQL.</summary>
    public PostgreSqlServer? Server { get; private init; }

    /// <summary>The environment variables for a process that uses this installation.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; }

    /// <summary>Signs tickets with the installation's own key.</summary>
    public TicketIssuer Issuer { get; }

    /// <param name="set">The name of a set in seeds/; null for an empty installation.</param>
    public static async Task<Installation> CreateAsync(string? set = "puyang", DatabaseKind kind = DatabaseKind.Sqlite)
    {
        var directory = NewDirectory();
        var server = kind == DatabaseKind.PostgreSql ? await PostgreSqlServer.StartDurableAsync() : null;
        var sqlServer = kind == DatabaseKind.SqlServer ? await SqlServerServer.StartAsync() : null;
        var connectionString = server is null ? sqlServer?.NewDatabaseName() : await server.CreateBareDatabaseAsync();
        var installation = new Installation(directory, kind, connectionString)
        {
            Server = server,
            _sqlServer = sqlServer,
        };
        await installation.CommandAsync("migrate");
        if (set is not null)
            await installation.CommandAsync("seed", set);
        return installation;
    }

    /// <summary>Returns an empty directory. The first start creates the SQLite database in it.</summary>
    public static Installation Bare() => new(NewDirectory(), DatabaseKind.Sqlite, connectionString: null);

    /// <summary>Runs a command of the real program on this data and returns its output.</summary>
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public async Task<string> CommandAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "ServiceEval.Web.dll"), .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{string.Join(' ', arguments)}: {await errors}{output}");
    }

    public async Task<T> ReadAsync<T>(string sql, Func<DbDataReader, T> read)
    {
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is written in the figures.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        return read(reader);
    }

    public Task<long> NumberAsync(string sql) =>
        ReadAsync(sql, row => row.Read() ? Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture) : 0);

    /// <summary>Returns the bytes of the database on the disk, without its log.</summary>
    public async Task<long> BytesAsync() =>
        _kind switch
        {
            DatabaseKind.PostgreSql => await NumberAsync("SELECT pg_database_size(current_database())"),
            // A page has 8 KiB. The log is a file of another type.
            DatabaseKind.SqlServer => await NumberAsync(
                "SELECT SUM(CAST(size AS bigint)) * 8192 FROM sys.database_files WHERE type = 0"
            ),
            _ => new FileInfo(DatabasePath).Length,
        };

    /// <summary>Returns the keys and public codes of the first hall's windows.</summary>
    public Task<IReadOnlyList<(int Id, string Code)>> WindowsAsync() =>
        ReadAsync(
            """SELECT "Id", "Code" FROM "Windows" WHERE "HallId" = (SELECT MIN("HallId") FROM "Windows") ORDER BY "Id" """,
            row =>
            {
                var windows = new List<(int, string)>();
                while (row.Read())
                    windows.Add((row.GetInt32(0), row.GetString(1)));
                return (IReadOnlyList<(int, string)>)windows;
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        if (_sqlServer is not null)
        {
            await _sqlServer.DropAsync(_connectionString);
            await _sqlServer.DisposeAsync();
        }
        Directory.Delete(DataDirectory, recursive: true);
    }

    /// <summary>
    /// Returns a new directory beside the program. A temporary folder may be in memory, where a sync costs nothing.
    /// </summary>
    private static string NewDirectory() =>
        Directory
            .CreateDirectory(Path.Combine(AppContext.BaseDirectory, "data", Guid.CreateVersion7().ToString("N")))
            .FullName;

    private DbConnection Connect() =>
        _kind switch
        {
            DatabaseKind.PostgreSql => new NpgsqlConnection(_connectionString),
            DatabaseKind.SqlServer => new SqlConnection(_connectionString),
            _ => new SqliteConnection(_connectionString),
        };

    private sealed class Contexts(DatabaseKind kind, string connectionString) : IDbContextFactory<ServiceEvalDb>
    {
        public ServiceEvalDb CreateDbContext()
        {
            var options = new DbContextOptionsBuilder<ServiceEvalDb>();
            if (kind == DatabaseKind.SqlServer)
                options.UseServiceEvalSqlServer(connectionString);
            else
                options.UseServiceEvalPostgreSql(connectionString);
            return new ServiceEvalDb(options.Options);
        }
    }
}
