using System.Diagnostics;
using System.Text.RegularExpressions;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests;

/// <summary>The program as an operator runs it: in its own process, with its settings in the environment.</summary>
public sealed partial class ServiceProcess(string dataDirectory)
{
    /// <summary>The longest wait for an event. It is no measurement.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly List<(string Name, string Value)> _settings = [];
    private IReadOnlyList<string> _before = [];

    public static string Assembly => Path.Combine(AppContext.BaseDirectory, "ServiceEval.Web.dll");

    /// <summary>Returns the program that has this command: the simulator for <c>simulate</c>.</summary>
    public static string AssemblyOf(string? command) =>
        command == "simulate" ? Path.Combine(AppContext.BaseDirectory, "ServiceEval.Simulator.dll") : Assembly;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="name">The name in the environment, with <c>__</c>.</param>
    public ServiceProcess With(string name, string value)
    {
        _settings.Add((name, value));
        return this;
    }

    /// <summary>Runs the program under another program such as strace.</summary>
    public ServiceProcess Under(params string[] command)
    {
        _before = command;
        return this;
    }

    /// <summary>Runs the program to its end. If it does not end, it is killed and the test fails.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync(Ct);
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        try
        {
            await process.WaitForExitAsync(Ct).WaitAsync(Limit, Ct);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"It went on running: {await output}{await errors}");
        }
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Starts the service and returns when it listens. Disposing kills it.</summary>
    public async Task<Serving> ServeAsync()
    {
        var process = Start(["serve"]);
        var errors = process.StandardError.ReadToEndAsync(Ct);
        while (await process.StandardOutput.ReadLineAsync(Ct).AsTask().WaitAsync(Limit, Ct) is { } line)
        {
            if (Listening().Match(line) is not { Success: true } address)
                continue;
            // Read the rest of the output. Otherwise the pipe becomes full and the program blocks.
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return new Serving(process, new Uri(address.Groups[1].Value));
        }
        throw new InvalidOperationException($"It does not serve: {await errors}");
    }

    private Process Start(string[] arguments)
    {
        string[] command = [.. _before, "dotnet", AssemblyOf(arguments.FirstOrDefault()), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory.Exists(dataDirectory) ? dataDirectory : Path.GetTempPath(),
            Environment =
            {
                ["ServiceEval__DataDirectory"] = dataDirectory,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            },
        };
        // The tests' temporary files may be in memory. In production the program refuses to serve from memory.
        if (Storage.InMemory(Path.GetTempPath()) is not null)
            start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in _settings)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    [GeneratedRegex("Now listening on.*\"address\":\"([^\"]+)\"")]
    private static partial Regex Listening();

    public sealed class Serving(Process process, Uri address) : IAsyncDisposable
    {
        public Uri Address => address;

        public HttpClient Client { get; } =
            new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }
}
