using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace ServiceEval.Benchmarks.Load;

/// <summary>
/// A screen that watches a hall and then stops reading. Its buffers are small, so that they are full soon. It connects
/// again if the server closes the connection.
/// </summary>
internal sealed class DeafScreen : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _run;

    public DeafScreen(Uri server, string hall) => _run = RunAsync(server, hall, _end.Token);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _run;
        }
        catch (OperationCanceledException)
        {
            // The cancellation was requested.
        }
        _end.Dispose();
    }

    private static async Task RunAsync(Uri server, string hall, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(server, hall, end);
            }
            catch (Exception e) when (e is WebSocketException or IOException or SocketException or HttpRequestException)
            {
                await Task.Delay(100, end);
            }
        }
    }

    private static async Task WatchAsync(Uri server, string hall, CancellationToken end)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
                {
                    ReceiveBufferSize = 4096,
                    NoDelay = true,
                };
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{server.Authority}/hubs/board"), invoker, end);
        await SendAsync(socket, """{"protocol":"json","version":1}""", end);
        // Each answer is a board that this screen does not read. After these calls the screen sends pings as a living
        // client does.
        for (var call = 0; call < 25; call++)
            await SendAsync(
                socket,
                $$"""{"type":1,"invocationId":"{{call}}","target":"Watch","arguments":["{{hall}}"]}""",
                end
            );
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), end);
            await SendAsync(socket, """{"type":6}""", end);
        }
    }

    private static Task SendAsync(ClientWebSocket socket, string message, CancellationToken ct) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, endOfMessage: true, ct);
}
