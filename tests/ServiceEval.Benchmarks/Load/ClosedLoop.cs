using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ServiceEval.Benchmarks.Load;

/// <param name="PerSecond">Answers of the expected status a second.</param>
/// <param name="P99">Milliseconds from the last byte sent to the last byte received.</param>
/// <param name="Others">The number of answers with another status.</param>
internal sealed record LoadResult(int Answers, double PerSecond, double P50, double P99, int Others);

/// <summary>
/// A closed-loop load generator: every connection has one request under way. It uses one thread and two system calls a
/// request, so that it takes little time from the cores that it shares with the server.
/// </summary>
internal static class ClosedLoop
{
    /// <param name="servers">The servers. Each gets an equal share of the connections.</param>
    /// <param name="next">Returns the next whole request, headers and body, or null if there are no more.</param>
    /// <exception cref="InvalidOperationException">The server closed a connection, or the requests ran out too
    /// early.</exception>
    public static LoadResult Run(
        IReadOnlyList<Uri> servers,
        int connections,
        TimeSpan duration,
        int expectedStatus,
        Func<byte[]?> next
    )
    {
        var all = Enumerable
            .Range(0, connections)
            .Select(i => new Connection(servers[i % servers.Count]))
            .ToDictionary(c => c.Socket);
        var latencies = new List<double>(1 << 20);
        var others = 0;
        try
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var connection in all.Values)
                connection.Send(
                    next() ?? throw new InvalidOperationException("There are fewer requests than connections.")
                );
            var waiting = connections;
            var ready = new List<Socket>(connections);
            while (waiting > 0)
            {
                ready.Clear();
                ready.AddRange(all.Keys);
                Socket.Select(ready, null, null, TimeSpan.FromSeconds(10));
                if (ready.Count == 0)
                    throw new InvalidOperationException("No answer for ten seconds.");
                foreach (var socket in ready)
                {
                    var connection = all[socket];
                    if (connection.Receive() is not { } status)
                        continue;
                    if (status == expectedStatus)
                        latencies.Add(connection.Milliseconds);
                    else
                        others++;
                    if (Stopwatch.GetElapsedTime(start) < duration && next() is { } request)
                        connection.Send(request);
                    else
                        waiting--;
                }
            }
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            latencies.Sort();
            return new LoadResult(
                latencies.Count,
                latencies.Count / seconds,
                At(latencies, 0.50),
                At(latencies, 0.99),
                others
            );
        }
        finally
        {
            foreach (var connection in all.Values)
                connection.Dispose();
        }
    }

    public static double At(List<double> sorted, double quantile) =>
        sorted.Count == 0 ? 0 : sorted[(int)((sorted.Count - 1) * quantile)];

    private sealed class Connection : IDisposable
    {
        private readonly byte[] _buffer = new byte[256 * 1024];
        private int _length;
        private long _sent;

        public Connection(Uri server)
        {
            Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            Socket.Connect(IPAddress.Parse(server.Host), server.Port);
        }

        public Socket Socket { get; }
        public double Milliseconds => Stopwatch.GetElapsedTime(_sent).TotalMilliseconds;

        public void Send(byte[] request)
        {
            _length = 0;
            _sent = Stopwatch.GetTimestamp();
            Socket.Send(request);
        }

        /// <summary>Returns the status if the answer is complete, null if it is not.</summary>
        public int? Receive()
        {
            var count = Socket.Receive(_buffer, _length, _buffer.Length - _length, SocketFlags.None);
            if (count == 0)
                throw new InvalidOperationException("The server closed a connection.");
            _length += count;
            var answer = _buffer.AsSpan(0, _length);
            var head = answer.IndexOf("\r\n\r\n"u8);
            if (head < 0 || !IsWhole(answer[..head], answer[(head + 4)..]))
                return null;
            return Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int status, out _) ? status : 0;
        }

        public void Dispose() => Socket.Dispose();

        private static bool IsWhole(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
        {
            var at = head.IndexOf("Content-Length: "u8);
            if (at < 0)
                return body.EndsWith("0\r\n\r\n"u8);
            return Utf8Parser.TryParse(head[(at + "Content-Length: ".Length)..], out int length, out _)
                && body.Length >= length;
        }
    }
}
