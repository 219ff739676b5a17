using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ServiceEval.Tests.Boards;

/// <summary>A client of the hub that sends messages that no SignalR library sends.</summary>
internal sealed class RawScreen : IAsyncDisposable
{
    private const char EndOfMessage = '\u001e';

    private readonly ClientWebSocket _socket = new();
    private readonly StringBuilder _received = new();

    private RawScreen() { }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Connects without a negotiation, so that the connection is one request.</summary>
    public static async Task<RawScreen> ConnectAsync(TestHost host, string? address = null)
    {
        var screen = new RawScreen();
        if (address is not null)
            screen._socket.Options.SetRequestHeader("X-Forwarded-For", address);
        var hub = new UriBuilder(new Uri(host.Address, "/hubs/board")) { Scheme = "ws" };
        await screen._socket.ConnectAsync(hub.Uri, Ct);
        await screen.SendAsync("""{"protocol":"json","version":1}""");
        await screen.NextAsync();
        return screen;
    }

    /// <summary>Sends all messages in one frame.</summary>
    public Task SendAsync(params IEnumerable<string> messages) =>
        SendTextAsync(string.Concat(messages.Select(m => m + EndOfMessage)));

    public Task SendTextAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Ct);

    /// <summary>Returns the completion of a call. Skips other messages that come before it.</summary>
    public async Task<JsonElement> AnswerAsync(string invocationId)
    {
        while (true)
        {
            var message = await NextAsync();
            if (message.TryGetProperty("invocationId", out var id) && id.GetString() == invocationId)
                return message;
        }
    }

    /// <exception cref="WebSocketException">The server has closed the connection.</exception>
    public async Task<JsonElement> NextAsync()
    {
        while (true)
        {
            var text = _received.ToString();
            if (text.IndexOf(EndOfMessage, StringComparison.Ordinal) is >= 0 and var end)
            {
                _received.Remove(0, end + 1);
                return JsonDocument.Parse(text[..end]).RootElement.Clone();
            }
            var buffer = new byte[16 * 1024];
            var result = await _socket.ReceiveAsync(buffer, Ct);
            if (result.MessageType == WebSocketMessageType.Close)
                throw new WebSocketException("The server ended it.");
            _received.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
