using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>A server in a process of its own, on a free port of this machine.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string HostProgram = "ServiceEval.Web.dll";

    private readonly ProcessStartInfo _start;
    private Process _process;

    private ServerProcess(ProcessStartInfo start, Uri address) =>
        (_start, _process, Address) = (start, Begin(start), address);

    public Uri Address { get; }
    public bool HasExited => _process.HasExited;

    /// <summary>Time on the processors since it started, in all its threads.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The no-op that intake and page are measured against: this program itself, with its own verb.</summary>
    public static Task<ServerProcess> NoOpAsync() =>
        StartAsync(AppContext.BaseDirectory, "ServiceEval.Benchmarks.dll", [NoOp.Verb], []);

    /// <summary>The real host, serving this installation.</summary>
    public static Task<ServerProcess> HostAsync(
        Installation installation,
        params IEnumerable<(string Name, string Value)> settings
    ) => StartAsync(AppContext.BaseDirectory, HostProgram, ["serve"], [.. installation.Settings, .. settings]);

    /// <summary>The real host as it is delivered, serving this installation.</summary>
    public static Task<ServerProcess> HostAsync(
        PublishedProgram program,
        Installation installation,
        params IEnumerable<(string Name, string Value)> settings
    ) => StartAsync(program.Folder, HostProgram, ["serve"], [.. installation.Settings, .. settings]);

    /// <summary>The real host with so many file descriptors.</summary>
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

    /// <summary>Pulls the plug: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>After a kill, on the same address.</summary>
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

    /// <summary>The real host, begun and not waited for.</summary>
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
                // As run.sh sets it for the host; the no-op has the same.
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
        // Read away, so that the server never waits for its own log.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <exception cref="InvalidOperationException">It ended.</exception>
    /// <exception cref="OperationCanceledException">It was not ready by then.</exception>
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
                // Not listening yet.
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
