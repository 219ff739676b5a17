using System.Net;
using System.Net.Sockets;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>
/// Stands before the nodes as a reverse proxy does. Each connection goes to the first node that accepts it, and ends
/// with that node. The forwarder notices when the hub has sent the board to a screen.
/// </summary>
internal sealed class Forwarder : IAsyncDisposable
{
    // This is more than the upgrade, the handshake and the pings need, and less than any board.
    private const int LessThanABoard = 1_000;

    private readonly IReadOnlyList<Uri> _nodes;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private TaskCompletionSource _told = New();

    public Forwarder(IReadOnlyList<Uri> nodes)
    {
        _nodes = nodes;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Returns a task that completes when a hub next sends a screen its board.</summary>
    public Task NextTold() => (_told = New()).Task;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AcceptAsync()
    {
        while (true)
            _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_end.Token));
    }

    private async Task ForwardAsync(TcpClient browser)
    {
        using var inner = browser;
        try
        {
            using var node = await ConnectAsync();
            if (node is null)
                return;
            var isHub = false;
            var up = CopyAsync(browser, node, bytes => isHub |= bytes.Span.IndexOf("GET /hubs/board"u8) >= 0);
            var sent = 0;
            var down = CopyAsync(
                node,
                browser,
                bytes =>
                {
                    if (isHub && (sent += bytes.Length) > LessThanABoard)
                        _told.TrySetResult();
                }
            );
            await Task.WhenAny(up, down);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side has closed, so the other side is closed too.
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        foreach (var node in _nodes)
        {
            var client = new TcpClient { NoDelay = true };
            try
            {
                await client.ConnectAsync(node.Host, node.Port, _end.Token);
                return client;
            }
            catch (SocketException)
            {
                client.Dispose();
            }
        }
        return null;
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Action<ReadOnlyMemory<byte>> see)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var count)
        {
            see(buffer.AsMemory(0, count));
            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }
}
