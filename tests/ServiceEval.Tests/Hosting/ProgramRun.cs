using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Hosting;

/// <summary>The program or a script in its own process, with its environment and its output.</summary>
internal sealed class ProgramRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The number of lines kept of each stream. A program that prints without end must not fill the memory and the
    /// report of the tests.
    /// </summary>
    private const int KeptLines = 2_000;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];

    private ProgramRun(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);
    public string Errors => string.Join('\n', _errors);
    public bool HasExited => _process.HasExited;

    /// <summary>The folder that contains run.sh.</summary>
    public static string Checkout { get; } = FindCheckout();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="arguments">The arguments after <c>serviceeval</c>.</param>
    public static ProgramRun Start(
        string directory,
        string arguments,
        params (string Name, string Value)[] environment
    ) =>
        StartFile(
            directory,
            "dotnet",
            [ServiceProcess.AssemblyOf(arguments.Split(' ')[0]), .. arguments.Split(' ')],
            environment
        );

    public static ProgramRun StartFile(
        string directory,
        string file,
        string[] arguments,
        params (string Name, string Value)[] environment
    )
    {
        // A process that a shell starts in the background ignores Ctrl+C, and its children cannot undo this. env
        // restores the default.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", file, .. arguments])
        {
            WorkingDirectory = directory,
        };
        // The tests' temporary files may be in memory. In production the program refuses to serve from memory.
        if (Storage.InMemory(Path.GetTempPath()) is not null)
            start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ProgramRun(start);
    }

    /// <summary>Starts the service, asks it to stop when it serves, and returns its output.</summary>
    public static async Task<string> ServeOnceAsync(string directory, params (string Name, string Value)[] environment)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        await using var server = Start(directory, "serve", [("ASPNETCORE_URLS", address), .. environment]);
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await server.ServingAsync(client);
        server.Signal("TERM");
        Assert.Equal(0, await server.ExitAsync());
        return server.Output;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{_process.Id}"]).WaitForExit();

    public void Kill() => _process.Kill();

    /// <param name="limit">The default is two minutes.</param>
    public async Task<int> ExitAsync(TimeSpan? limit = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(limit ?? Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async Task UntilAsync(Func<bool> condition) => await UntilAsync(() => Task.FromResult(condition()));

    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        var since = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(since.Elapsed < Patience, $"It never came.\n{Output}\n{Errors}");
            await Task.Delay(50, Ct);
        }
    }

    /// <summary>Waits until the server answers at this address.</summary>
    public Task ServingAsync(HttpClient client) =>
        UntilAsync(async () =>
        {
            Assert.False(HasExited, $"It ended.\n{Output}\n{Errors}");
            try
            {
                using var answer = await client.GetAsync("/healthz/ready", Ct);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static string FindCheckout()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "run.sh")))
            directory = directory.Parent!;
        return directory.FullName;
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        if (lines.Count > KeptLines)
            lines.TryDequeue(out _);
    }
}

/// <summary>A directory that belongs to one test.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("serviceeval-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
