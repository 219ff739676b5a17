using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http.Network;

namespace ServiceEval.Tests.Boards;

/// <summary>Messages to the hub that are not a valid call. SignalR answers or drops them itself.</summary>
public sealed class ScreenMessagesTests
{
    private const string Unknown = """{"type":1,"invocationId":"1","target":"Nothing","arguments":[]}""";
    private const string Ping = """{"type":6}""";
    private const string Watch = """{"type":1,"invocationId":"end","target":"Watch","arguments":["example"]}""";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_sends_too_many_messages_is_slowed_down()
    {
        await using var host = await TestHost.StartAsync();

        await Task.WhenAll(
            (
                (string[])
                    [
                        Unknown,
                        """{"type":1,"invocationId":"1","target":"Watch","arguments":[]}""",
                        """{"type":1,"invocationId":"1","target":"Watch","arguments":[{"a":1}]}""",
                        """{"type":1,"target":"Watch","arguments":["example","example"]}""",
                        """{"type":4,"invocationId":"1","target":"Watch","arguments":["example"]}""",
                        """{"type":2,"invocationId":"1","item":1}""",
                        """{"type":5,"invocationId":"1"}""",
                        Ping,
                    ]
            ).Select(FloodAsync)
        );

        async Task FloodAsync(string message)
        {
            await using var screen = await RawScreen.ConnectAsync(host);
            var start = Stopwatch.GetTimestamp();

            await screen.SendAsync([.. Enumerable.Repeat(message, 34), Watch]);
            var answer = await screen.AnswerAsync("end");

            Assert.True(answer.TryGetProperty("result", out _), message);
            // These are five messages more than the limit of messages at once. They take at least this time even on a
            // fast machine.
            Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(2.4), message);
        }
    }

    [Fact]
    public async Task A_call_that_can_not_be_made_counts_against_the_fuse_and_a_ping_does_not()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:FloodFuse", "5"),
            ("ServiceEval:KnownProxies:0", "127.0.0.1")
        );
        // The connection is the first of five requests.
        await using var pinging = await RawScreen.ConnectAsync(host, "203.0.113.7");
        await pinging.SendAsync([.. Enumerable.Repeat(Ping, 20), Watch]);
        Assert.True((await pinging.AnswerAsync("end")).TryGetProperty("result", out _));

        await using var calling = await RawScreen.ConnectAsync(host, "203.0.113.8");
        await calling.SendAsync([.. Enumerable.Repeat(Unknown, 4), Watch]);
        var refused = await calling.AnswerAsync("end");

        Assert.Contains("请求过于频繁", refused.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_in_pieces_is_answered_and_one_that_is_too_long_ends_the_connection()
    {
        await using var host = await TestHost.StartAsync();
        await using var screen = await RawScreen.ConnectAsync(host);
        await screen.SendTextAsync(Watch[..20]);
        await screen.SendAsync(Watch[20..]);
        Assert.True((await screen.AnswerAsync("end")).TryGetProperty("result", out _));

        await screen.SendTextAsync(new string('x', 40_000));

        await Assert.ThrowsAsync<WebSocketException>(async () =>
        {
            while (true)
                await screen.NextAsync().WaitAsync(Limit, Ct);
        });
    }

    /// <summary>A fake clock makes the minute pass at once.</summary>
    [Fact]
    public async Task A_connection_that_sends_too_much_for_a_minute_is_closed()
    {
        const int AtOnce = 30,
            Waits = 120;
        var clock = new Clock();
        var connections = Options.Create(new ConnectionLimits());
        using var fuse = new FloodFuse(Options.Create(new ServiceEvalOptions()));
        var limits = new ScreenLimits(connections, fuse) { Time = clock };
        var input = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await using var connection = new DefaultConnectionContext { Transport = new Both(input.Reader) };
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = connection.ConnectionClosed.Register(closed.SetResult);
        var taken = 0;
        var flood = string.Concat(Enumerable.Repeat(Unknown + '\u001e', 300));
        await input.Writer.WriteAsync(Encoding.UTF8.GetBytes(flood), Ct);

        var held = limits.HoldAsync(
            connection,
            async hub =>
            {
                while (true)
                {
                    var read = await hub.Transport.Input.ReadAsync(Ct);
                    taken += read.Buffer.ToArray().Count(b => b == 0x1E);
                    hub.Transport.Input.AdvanceTo(read.Buffer.End);
                }
            }
        );
        for (var i = 0; i < Waits; i++)
        {
            Assert.False(connection.ConnectionClosed.IsCancellationRequested);
            await clock.Waiting.WaitAsync(Limit, Ct);
            clock.Advance(TimeSpan.FromSeconds(0.5));
        }

        await closed.Task.WaitAsync(Limit, Ct);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        // The first message is the handshake.
        Assert.Equal(1 + AtOnce + Waits, taken);
    }

    private sealed class Clock : FakeTimeProvider
    {
        public SemaphoreSlim Waiting { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Waiting.Release();
            return timer;
        }
    }

    private sealed class Both(PipeReader input) : IDuplexPipe
    {
        public PipeReader Input => input;
        public PipeWriter Output { get; } = new Pipe().Writer;
    }
}
