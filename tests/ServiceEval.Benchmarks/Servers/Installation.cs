using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ServiceEval.Data;
using ServiceEval.Data.PostgreSql;
using ServiceEval.TestDatabases;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>A data directory of its own with the sample county in it, and a database there or on a server of its own; gone afterwards.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly Func<DbConnection> _connect;

    private Installation(string directory, PostgreSqlServer? server, string? connectionString)
    {
        (DataDirectory, Server) = (directory, server);
        _connect = server is null ? () => new SqliteConnection($"Data Source={DatabasePath};Pooling=False") : () => new NpgsqlConnection(connectionString);
        Settings = [("ServiceEval__DataDirectory", directory), .. server is null ? Array.Empty<(string, string)>() : [("ServiceEval__Database", "postgresql"), ("ConnectionStrings__ServiceEval", connectionString!)]];
        var keys = server is null ? (TicketKeyStore)new TicketKeyFile(directory) : new TicketKeyTable(new Contexts(connectionString!));
        Issuer = new TicketIssuer(new TicketKeys(keys, TimeProvider.System, NullLogger<TicketKeys>.Instance), TimeProvider.System);
    }

    public string DataDirectory { get; }

    /// <summary>Of the database file.</summary>
    public string DatabasePath => Path.Combine(DataDirectory, "serviceeval.db");

    /// <summary>Null where the database is a file.</summary>
    public PostgreSqlServer? Server { get; }

    /// <summary>As a process of it has them in its environment.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; }

    /// <summary>Signs with the installation's own key.</summary>
    public TicketIssuer Issuer { get; }

    /// <param name="set">Of seeds/; null for an empty installation.</param>
    public static async Task<Installation> CreateAsync(string? set = "puyang", DatabaseKind kind = DatabaseKind.Sqlite)
    {
        // Beside the program rather than in a temporary folder: that may be memory, where a sync costs nothing.
        var directory = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "data", Guid.CreateVersion7().ToString("N"))).FullName;
        var server = kind == DatabaseKind.PostgreSql ? await PostgreSqlServer.StartDurableAsync() : null;
        var installation = new Installation(directory, server, server is null ? null : await server.CreateBareDatabaseAsync());
        await installation.VerbAsync("migrate");
        if (set is not null) await installation.VerbAsync("seed", set);
        return installation;
    }

    /// <summary>A verb of the real program on this data.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> VerbAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ServiceEval.Web.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Settings) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', arguments)}: {await errors}{output}");
    }

    public async Task<T> ReadAsync<T>(string sql, Func<DbDataReader, T> read)
    {
        await using var connection = _connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in the figures.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        return read(reader);
    }

    public Task<long> NumberAsync(string sql) => ReadAsync(sql, row => row.Read() ? row.GetInt64(0) : 0);

    /// <summary>What the database takes on the disk, its log not counted.</summary>
    public async Task<long> BytesAsync() =>
        Server is null ? new FileInfo(DatabasePath).Length : await NumberAsync("SELECT pg_database_size(current_database())");

    /// <summary>The keys and public codes of the first hall's windows.</summary>
    public Task<IReadOnlyList<(int Id, string Code)>> WindowsAsync() => ReadAsync(
        """SELECT "Id", "Code" FROM "Windows" WHERE "HallId" = (SELECT MIN("HallId") FROM "Windows") ORDER BY "Id" """,
        row =>
        {
            var windows = new List<(int, string)>();
            while (row.Read()) windows.Add((row.GetInt32(0), row.GetString(1)));
            return (IReadOnlyList<(int, string)>)windows;
        });

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private sealed class Contexts(string connectionString) : IDbContextFactory<ServiceEvalDb>
    {
        public ServiceEvalDb CreateDbContext()
        {
            var options = new DbContextOptionsBuilder<ServiceEvalDb>();
            options.UseServiceEvalPostgreSql(connectionString);
            return new ServiceEvalDb(options.Options);
        }
    }
}
