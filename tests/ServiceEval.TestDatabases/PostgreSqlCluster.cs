using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ServiceEval.TestDatabases;

/// <summary>
/// A PostgreSQL server for the tests in a temporary folder, on loopback. It ends with the process that started it, even
/// if that process crashes.
/// </summary>
public sealed class PostgreSqlCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _script;
    private readonly Task<string> _errors;
    private readonly int _port = FreePort();

    private PostgreSqlCluster(string fsync, string folder)
    {
        string[] command =
        [
            "sh",
            Path.Combine(AppContext.BaseDirectory, "cluster.sh"),
            Binaries(),
            _port.ToString(CultureInfo.InvariantCulture),
            fsync,
            folder,
        ];
        // PostgreSQL refuses to run as root, and another account may have no access to the checkout. So the script is
        // read here.
        if (Environment.IsPrivilegedProcess)
            command =
            [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "sh",
                "-c",
                File.ReadAllText(command[1]),
                .. command[1..],
            ];
        _script = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;
        _errors = _script.StandardError.ReadToEndAsync();
    }

    /// <summary>
    /// Starts a server for tests. Processes may crash in a test but the machine does not, so nothing has to reach the
    /// disk.
    /// </summary>
    public static Task<PostgreSqlCluster> StartAsync() => StartAsync(new("off", "/tmp"));

    /// <summary>Starts a server for figures. Every commit is synced to the disk.</summary>
    public static Task<PostgreSqlCluster> StartDurableAsync() => StartAsync(new("on", "/var/tmp"));

    private static async Task<PostgreSqlCluster> StartAsync(PostgreSqlCluster cluster)
    {
        await cluster.TellAsync("start");
        return cluster;
    }

    public string ConnectionTo(string database) =>
        FormattableString.Invariant(
            $"Host=127.0.0.1;Port={_port};Database={database};Username=postgres;Connection Idle Lifetime=5;Connection Pruning Interval=1"
        );

    /// <summary>Ends every session and returns when none is left.</summary>
    public Task StopAsync() => TellAsync("stop");

    /// <summary>Kills all processes of the server at once. After the next start it recovers.</summary>
    public Task KillAsync() => TellAsync("kill");

    public Task RestartAsync() => TellAsync("start");

    /// <summary>Freezes the server: it takes connections and does not answer, like a machine that hangs.</summary>
    public Task FreezeAsync() => TellAsync("freeze");

    public Task ThawAsync() => TellAsync("thaw");

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync().WaitAsync(Limit);
        _script.Dispose();
    }

    private async Task TellAsync(string verb)
    {
        try
        {
            await _script.StandardInput.WriteLineAsync(verb);
            await _script.StandardInput.FlushAsync();
            if (await _script.StandardOutput.ReadLineAsync().WaitAsync(Limit) == verb)
                return;
        }
        catch (IOException)
        {
            // The script has ended. Its error output says why.
        }
        throw new InvalidOperationException($"PostgreSQL did not {verb}: {await _errors}");
    }

    /// <summary>
    /// Returns the folder of the server's programs. Debian keeps them out of the path, so that several versions can be
    /// installed.
    /// </summary>
    private static string Binaries()
    {
        string[] places =
        [
            .. Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin"))
                : [],
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        ];
        return places.FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb")))
            ?? throw new InvalidOperationException(
                "PostgreSQL's programs are not on this machine: ./test.sh installs them."
            );
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
