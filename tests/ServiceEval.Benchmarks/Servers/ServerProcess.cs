using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>A server in its own process, on a free port of this machine.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string HostProgram = "ServiceEval.Web.dll";

    private readonly ProcessStartInfo _start;
    private Process _process;

    private ServerProcess(ProcessStartInfo start, Uri address) =>
        (_start, _process, Address) = (start, Begin(start), address);

    public Uri Address { get; }
    public bool HasExited => _process.HasExited;

    /// <summary>The processor time of all threads since the start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>
    /// Starts the no-op that intake and page are measured against: this program itself with the command of the no-op.
    /// </summary>
    public static Task<ServerProcess> NoOpAsync() =>
        StartAsync(AppContext.BaseDirectory, "ServiceEval.Benchmarks.dll", [NoOp.Verb], []);

    /// <summary>Starts the real host on this installation.</summary>
    public static Task<ServerProcess> HostAsync(
        Installation installation,
        params IEnumerable<(string Name, string Value)> settings
    ) => StartAsync(AppContext.BaseDirectory, HostProgram, ["serve"], [.. installation.Settings, .. settings]);

    /// <summary>Starts the real host, as it is delivered, on this installation.</summary>
    public static Task<ServerProcess> HostAsync(
        PublishedProgram program,
        Installation installation,
        params IEnumerable<(string Name, string Value)> settings
    ) => StartAsync(program.Folder, HostProgram, ["serve"], [.. installation.Settings, .. settings]);

    /// <summary>Starts the real host with this number of file descriptors.</summary>
    public static Task<ServerProcess> HostWithDescriptorsAsync(Installation installation, int descriptors) =>
        StartAsync(
            "sh",
            [
                "-c",
                $"ulimit -n {descriptors}; exec dotnet \"$0\" serve",
                Path.Combine(AppContext.BaseDirectory, HostProgram),
            ],
            installation.Settings
        );

    /// <summary>Kills the process: no handler runs and nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts the server after a kill on the same address.</summary>
    public Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Begin(_start);
        return ReadyAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    /// <summary>Begins a start of the real host and does not wait for it.</summary>
    public static ServerProcess BeginHost(Installation installation) =>
        Begin("dotnet", [Path.Combine(AppContext.BaseDirectory, HostProgram), "serve"], installation.Settings);

    private static Task<ServerProcess> StartAsync(
        string folder,
        string program,
        IEnumerable<string> arguments,
        IEnumerable<(string Name, string Value)> environment
    ) => StartAsync("dotnet", [Path.Combine(folder, program), .. arguments], environment);

    private static async Task<ServerProcess> StartAsync(
        string file,
        IEnumerable<string> arguments,
        IEnumerable<(string Name, string Value)> environment
    )
    {
        var server = Begin(file, arguments, environment);
        await server.ReadyAsync(CancellationToken.None);
        return server;
    }

    private static ServerProcess Begin(
        string file,
        IEnumerable<string> arguments,
        IEnumerable<(string Name, string Value)> environment
    )
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = address.OriginalString,
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                // run.sh sets the same value for the host. The no-op gets it too.
                ["DOTNET_GCgen0size"] = "2000000",
            },
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ServerProcess(start, address);
    }

    private static Process Begin(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        // Read the output, because a full pipe would block the server when it writes its log.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <exception cref="InvalidOperationException">The process ended.</exception>
    /// <exception cref="OperationCanceledException">The server was not ready in time.</exception>
    public async Task ReadyAsync(CancellationToken ct)
    {
        using var client = new HttpClient { BaseAddress = Address };
        while (!_process.HasExited)
        {
            try
            {
                using var response = await client.GetAsync("/healthz/ready", ct);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // The server does not listen yet.
            }
            await Task.Delay(10, ct);
        }
        throw new InvalidOperationException(
            $"The server ended with exit code {_process.ExitCode}; its last words are above."
        );
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
