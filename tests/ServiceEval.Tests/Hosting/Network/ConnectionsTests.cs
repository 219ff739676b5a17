using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServiceEval.Tests.Hosting.Network;

public sealed class ConnectionsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("POST /api/v1/ratings HTTP/1.1\r\nHost: x\r\n")]
    [InlineData("GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task Idle_connections_past_the_limit_are_closed_and_citizens_go_on(string sent)
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Connections:Most", "16"));
        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 40; i++)
                idle.Add(await OpenAsync(host, sent));

            for (var i = 0; i < 3; i++)
                await host.RateAsync();
            // The oldest connections are closed.
            foreach (var closed in idle.Take(16))
                await EndAsync(closed);
        }
        finally
        {
            foreach (var client in idle)
                client.Dispose();
        }
    }

    [Fact]
    public async Task A_screen_that_watches_is_not_closed_for_others()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Connections:Most", "16"),
            ("ServiceEval:Boards:BatchSize", "1")
        );
        await using var screen = await Boards.Screen.WatchAsync(host);
        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 40; i++)
                idle.Add(await OpenAsync(host, ""));
            foreach (var closed in idle.Take(16))
                await EndAsync(closed);

            await host.RateAsync();
            await screen.ReleasedAsync(1);
        }
        finally
        {
            foreach (var client in idle)
                client.Dispose();
        }
    }

    [Fact]
    public async Task A_connection_that_never_asks_is_closed_before_long()
    {
        await using var host = await TestHost.StartAsync();
        using var client = await OpenAsync(host, "");

        await EndAsync(client);
    }

    private static async Task<TcpClient> OpenAsync(TestHost host, string sent)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, Ct);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent), Ct);
            // A connection is idle after the answer.
            if (sent.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                _ = await client.GetStream().ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, Ct);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server has already closed the connection.
        }
        return client;
    }

    /// <summary>Reads until the server has closed the connection.</summary>
    private static async Task EndAsync(TcpClient client)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(Limit);
        var buffer = new byte[4096];
        if (!client.Connected)
            return;
        try
        {
            while (await client.GetStream().ReadAsync(buffer, patience.Token) > 0)
            {
                // An answer came before the end.
            }
        }
        catch (IOException)
        {
            // The connection was reset.
        }
    }
}
