using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>A data directory of its own with the sample county in it; gone afterwards.</summary>
internal sealed class Installation : IDisposable
{
    private Installation(string directory) => DataDirectory = directory;

    public string DataDirectory { get; }
    public string DatabasePath => Path.Combine(DataDirectory, "serviceeval.db");

    /// <param name="set">Of seeds/; null for an empty installation.</param>
    public static async Task<Installation> CreateAsync(string? set = "puyang")
    {
        // Beside the program rather than in a temporary folder: that may be memory, where a sync costs nothing.
        var installation = new Installation(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "data", Guid.CreateVersion7().ToString("N"))).FullName);
        await installation.VerbAsync(set is null ? ["migrate"] : ["seed", set]);
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
            Environment = { ["ServiceEval__DataDirectory"] = DataDirectory },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', arguments)}: {await errors}{output}");
    }

    public async Task<T> ReadAsync<T>(string sql, Func<SqliteDataReader, T> read)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        return read(reader);
    }

    public Task<long> NumberAsync(string sql) => ReadAsync(sql, row => row.Read() ? row.GetInt64(0) : 0);

    /// <summary>The keys and public codes of the first hall's windows.</summary>
    public Task<IReadOnlyList<(int Id, string Code)>> WindowsAsync() => ReadAsync(
        "SELECT Id, Code FROM Windows WHERE HallId = (SELECT MIN(HallId) FROM Windows) ORDER BY Id",
        row =>
        {
            var windows = new List<(int, string)>();
            while (row.Read()) windows.Add((row.GetInt32(0), row.GetString(1)));
            return (IReadOnlyList<(int, string)>)windows;
        });

    public void Dispose() => Directory.Delete(DataDirectory, recursive: true);
}
