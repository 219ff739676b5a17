using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ServiceEval.TestDatabases;

/// <summary>
/// A Redis server for the tests on loopback that stores nothing. It ends with the process that started it, even if that
/// process crashes.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly int _port = FreePort();
    private Process? _shell;

    private RedisServer() { }

    public string ConnectionString => FormattableString.Invariant($"127.0.0.1:{_port}");

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.ResumeAsync();
        return server;
    }

    public async Task ResumeAsync()
    {
        const string UntilNobodySpeaks = "\"$@\" > /dev/null & cat > /dev/null; kill $!; wait";
        _shell = Process.Start(
            new ProcessStartInfo(
                "sh",
                [
                    "-c",
                    UntilNobodySpeaks,
                    "sh",
                    "redis-server",
                    "--port",
                    _port.ToString(CultureInfo.InvariantCulture),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                ]
            )
            {
                RedirectStandardInput = true,
            }
        )!;
        using var patience = new CancellationTokenSource(Limit);
        while (!await AnswersAsync(patience.Token))
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
    }

    public async Task StopAsync()
    {
        _shell!.StandardInput.Close();
        await _shell.WaitForExitAsync().WaitAsync(Limit);
        _shell.Dispose();
        _shell = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_shell is not null)
            await StopAsync();
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, ct);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), ct);
            return await client.GetStream().ReadAsync(new byte[16], ct) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
