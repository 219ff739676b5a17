using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Tests.Hosting.Network;

/// <summary>No request of a stranger may cause an internal error, neither in the answer nor in the log.</summary>
public sealed class OddRequestsTests
{
    private const int AtOnce = 16;

    /// <summary>The time to wait for an answer. Some requests are never complete, so they have no answer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly string[] OddMessages =
    [
        """{"type":1,"invocationId":"1","target":"Watch","arguments":["nowhere"]}""",
        """{"type":1,"invocationId":"1","target":"Watch","arguments":[null]}""",
        """{"type":1,"invocationId":"1","target":"Watch","arguments":[]}""",
        """{"type":1,"invocationId":"1","target":"Watch","arguments":[{"a":1},2]}""",
        """{"type":1,"invocationId":"1","target":"Watch","arguments":["\ud800"]}""",
        """{"type":1,"target":"Watch","arguments":["nowhere"]}""",
        """{"type":1,"invocationId":"1","target":"Nothing","arguments":[]}""",
        """{"type":4,"invocationId":"1","target":"Watch","arguments":["example"]}""",
        """{"type":5,"invocationId":"9"}""",
        """{"type":2,"invocationId":"9","item":1}""",
        """{"type":3,"invocationId":"9","result":1}""",
        """{"type":99}""",
        """{"type":"x"}""",
        "{}",
        "[]",
        "x",
        "",
        """{"type":1,"invocationId":"1","target":"OnConnectedAsync","arguments":[]}""",
        """{"type":7,"error":"x"}""",
        new('x', 100_000),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Odd_requests_at_every_route_are_no_fault_and_log_no_error()
    {
        string code,
            receipt;
        using var folder = new Folder();
        await using (var host = await TestHost.StartInAsync(folder.Path, ownsDirectory: false))
        {
            code = (await host.WindowCodesAsync())[0];
            receipt = (await host.RateAsync(Grade.Satisfied)).Receipt;
        }
        var logs = Path.Combine(folder.Path, "logs");
        var faults = new List<string>();
        await using (
            var server = await new ServiceProcess(folder.Path).With("ServiceEval__LogDirectory", logs).ServeAsync()
        )
        {
            var requests = Routes().SelectMany(route => Requests(route, code, receipt)).ToList();
            await Parallel.ForEachAsync(
                requests,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct },
                async (request, ct) =>
                {
                    var status = await StatusAsync(server.Address, request, ct);
                    // 505 is the server's own answer to an unknown version of HTTP.
                    if (status is null or < 500 or 505)
                        return;
                    lock (faults)
                        faults.Add(
                            $"{status}: {Encoding.UTF8.GetString(request.AsSpan(..Math.Min(300, request.Length)))}"
                        );
                }
            );
            foreach (var message in OddMessages)
                await SendToHubAsync(server.Address, message);
            Assert.True(faults.Count == 0, string.Join("\n----\n", faults.Take(20)));
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz/ready", Ct)).StatusCode);
        }
        Assert.Empty(Errors(logs));
    }

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("///evil.example/x")]
    [InlineData("/\\evil.example/x")]
    [InlineData("/%5Cevil.example/x")]
    [InlineData("//w/nosuchcode")]
    [InlineData("/.//evil.example/x")]
    public async Task No_link_of_a_page_that_is_not_there_leads_to_another_host(string target)
    {
        await using var host = await TestHost.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, Ct);
        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
                ),
                Ct
            );
        using var reader = new StreamReader(client.GetStream());
        var page = await reader.ReadToEndAsync(Ct);

        Assert.Contains("<a href=\"/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"//", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/\\", page, StringComparison.Ordinal);
    }

    /// <summary>Returns the routes that the contract test has approved.</summary>
    private static IEnumerable<string> Routes([CallerFilePath] string caller = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "Contract", "routes.txt"))
            .Where(line => line.Length > 0);

    private static IEnumerable<byte[]> Requests(string route, string code, string receipt)
    {
        var (method, pattern) = (route.Split(' ')[0], route.Split(' ')[1]);
        var path = pattern
            .Replace("{code}", code, StringComparison.Ordinal)
            .Replace("{receipt}", receipt, StringComparison.Ordinal)
            .Replace("{hall}", TestHost.Hall, StringComparison.Ordinal)
            .Replace("{id}", "county-2026-W47-v1", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{**path}", "recurring", StringComparison.Ordinal);
        return (method == "*" ? (string[])["GET", "POST"] : [method]).SelectMany(m => OddRequests.For(m, path));
    }

    /// <summary>
    /// Returns the status of the first answer; null if the server closed the connection without an answer, which is
    /// allowed.
    /// </summary>
    private static async Task<int?> StatusAsync(Uri server, byte[] request, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Limit);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, patience.Token);
        try
        {
            var stream = client.GetStream();
            await stream.WriteAsync(request, patience.Token);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var line = await reader.ReadLineAsync(patience.Token);
            return line?.Split(' ') is [_, var status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : null;
        }
        catch (Exception e)
            when (e is IOException or SocketException
                || (e is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            // The connection is closed, or the server waits for the rest of a body that does not come.
            return null;
        }
    }

    /// <summary>
    /// Sends the message after a complete handshake. A call is under way when the connection breaks off.
    /// </summary>
    private static async Task SendToHubAsync(Uri server, string message)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{server.Authority}/hubs/board"), Ct);
        try
        {
            foreach (
                var sent in (string[])
                    [
                        """{"protocol":"json","version":1}""",
                        message,
                        """{"type":1,"invocationId":"2","target":"Watch","arguments":["example"]}""",
                    ]
            )
                await socket.SendAsync(
                    Encoding.UTF8.GetBytes(sent + "\u001e"),
                    WebSocketMessageType.Text,
                    endOfMessage: true,
                    Ct
                );
            await socket.SendAsync(new byte[] { 0xff, 0xfe }, WebSocketMessageType.Binary, endOfMessage: true, Ct);
            // This is the answer to the handshake. An answer to the message may follow it.
            await socket.ReceiveAsync(new byte[64 * 1024], Ct);
        }
        catch (WebSocketException)
        {
            // The server closed the connection in the meantime.
        }
        socket.Abort();
    }

    private static List<string> Errors(string logs) =>
        [
            .. Directory
                .EnumerateFiles(logs)
                .SelectMany(File.ReadLines)
                .Where(line =>
                    JsonDocument.Parse(line).RootElement.TryGetProperty("@l", out var level)
                    && level.GetString() is "Error" or "Fatal"
                ),
        ];
}
