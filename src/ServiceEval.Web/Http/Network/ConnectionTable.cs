using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Http.Network;

/// <summary>
/// Holds all connections of this node. If the limit of all connections or of one network is reached, a new connection
/// replaces the one that was idle for the longest. So idle connections cannot keep a citizen out. If all connections
/// are busy, the new one is refused. The limit is well below the limit of file descriptors, because the process dies if
/// it runs out of them.
/// </summary>
internal sealed partial class ConnectionTable(
    IOptions<ConnectionLimits> limits,
    IOptions<ServiceEvalOptions> options,
    ILogger<ConnectionTable> logger
) : BackgroundService
{
    // These limits concern clients on real networks, so they use the real clock even if a test fakes the time.
    private static readonly TimeSpan PatienceWithNew = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PatienceWithIdle = TimeSpan.FromSeconds(30);

    /// <summary>
    /// If a request takes longer than this, its connection may be closed for a new one. Examples are a slow upload and
    /// a long poll.
    /// </summary>
    private static readonly TimeSpan PatienceWithBusy = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HashSet<OpenConnection> _connections = [];
    private readonly NetworkCounts _byNetwork = new(limits.Value.Share, limits.Value.Total);
    private readonly HashSet<IPAddress> _proxies = [.. options.Value.KnownProxies.Select(IPAddress.Parse)];
    private readonly int _most = limits.Value.Total;
    private readonly int _share = limits.Value.Share;

    /// <summary>
    /// Connections that were told to close hold their file descriptors for a moment longer. So many connections may
    /// exist beyond the limit.
    /// </summary>
    private readonly int _slack = Math.Max(16, limits.Value.Total / 2);
    private int _leaving;
    private long _toldAt;

    /// <summary>The connection middleware of Kestrel. Every connection passes through it.</summary>
    public async Task HoldAsync(ConnectionContext transport, Func<Task> next)
    {
        var client = ClientOf((transport.RemoteEndPoint as IPEndPoint)?.Address);
        var connection = new OpenConnection(transport, client);
        if (!TryEnter(connection))
        {
            transport.Abort();
            return;
        }
        transport.Features.Set(connection);
        try
        {
            await next();
        }
        finally
        {
            Leave(connection);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var idle in Expired())
                idle.Close();
        }
    }

    private bool TryEnter(OpenConnection connection)
    {
        OpenConnection? displaced;
        lock (_lock)
        {
            var greedy = _byNetwork.FullFor(connection.Client);
            var isFull = greedy is not null || _connections.Count - _leaving >= _most;
            displaced = isFull ? Displace(greedy) : null;
            if (isFull)
                Tell();
            if ((isFull && displaced is null) || _connections.Count >= _most + _slack)
                return false;
            _byNetwork.Add(connection.Client);
            _connections.Add(connection);
        }
        displaced?.Close();
        return true;
    }

    private void Leave(OpenConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            if (connection.State == ConnectionState.Leaving)
                _leaving--;
            else
                _byNetwork.Remove(connection.Client);
        }
    }

    /// <summary>
    /// Marks the connection to close first as leaving, among all connections or those of one network. Returns null if
    /// all are busy. Looks at every connection: this happens only if a limit is reached, and a list in order would
    /// need a lock at each request.
    /// </summary>
    private OpenConnection? Displace(IPNetwork? network)
    {
        while (_connections.Where(IsDisplaceable).MinBy(c => (c.State, c.Since)) is { } first)
        {
            if (TryLeave(first, first.State))
                return first;
        }
        return null;

        bool IsDisplaceable(OpenConnection c) =>
            (network is null || c.Client?.IsIn(network.Value) == true)
            && (
                c.State is ConnectionState.New or ConnectionState.Idle
                || (c.State == ConnectionState.Busy && c.Age > PatienceWithBusy)
            );
    }

    private List<OpenConnection> Expired()
    {
        lock (_lock)
            return
            [
                .. _connections.Where(c =>
                    c.State switch
                    {
                        ConnectionState.New => c.Age > PatienceWithNew && TryLeave(c, ConnectionState.New),
                        // Idle connections of proxies are not closed. A proxy reuses them (keep-alive) and would lose a
                        // citizen's request if it arrived while the connection was closing.
                        ConnectionState.Idle => c.Client is not null
                            && c.Age > PatienceWithIdle
                            && TryLeave(c, ConnectionState.Idle),
                        _ => false,
                    }
                ),
            ];
    }

    private bool TryLeave(OpenConnection connection, ConnectionState state)
    {
        if (!connection.TryLeave(state))
            return false;
        _leaving++;
        _byNetwork.Remove(connection.Client);
        return true;
    }

    private ClientNetwork? ClientOf(IPAddress? peer) =>
        peer is null || IPAddress.IsLoopback(peer) || _proxies.Contains(peer) || IsMappedProxy(peer)
            ? null
            : ClientNetwork.Of(peer);

    /// <summary>
    /// Returns whether the peer is a known proxy as an IPv4-mapped address. The check of IsIPv4MappedToIPv6 is
    /// necessary: MapToIPv4 takes the last four bytes of any address, so a client could choose an IPv6 address that
    /// ends with a proxy's address.
    /// </summary>
    private bool IsMappedProxy(IPAddress peer) => peer.IsIPv4MappedToIPv6 && _proxies.Contains(peer.MapToIPv4());

    /// <summary>
    /// Logs at most once a minute, so that a flood of connections does not become a flood of log lines.
    /// </summary>
    private void Tell()
    {
        if (_toldAt != 0 && Stopwatch.GetElapsedTime(_toldAt) < Quiet)
            return;
        _toldAt = Stopwatch.GetTimestamp();
        Log.Full(logger, _connections.Count, _most, _share);
    }

    private static partial class Log
    {
        [LoggerMessage(
            9003,
            LogLevel.Warning,
            "{Open} connections are open. The limit is {Most} for all and {Share} for one address. "
                + "An IPv6 /48 has a limit too. Idle connections are closed for new ones"
        )]
        public static partial void Full(ILogger logger, int open, int most, int share);
    }
}
