using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting.Network;

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
    private readonly LinkedList<OpenConnection>[] _byState =
    [
        .. Enum.GetValues<ConnectionState>().Select(_ => new LinkedList<OpenConnection>()),
    ];
    private readonly NetworkCounts _byNetwork = new(limits.Value.Share, limits.Value.Total);
    private readonly HashSet<IPAddress> _proxies = [.. options.Value.KnownProxies.Select(IPAddress.Parse)];
    private readonly int _most = limits.Value.Total;
    private readonly int _share = limits.Value.Share;

    /// <summary>
    /// Connections that were told to close hold their file descriptors for a moment longer. So many connections may
    /// exist beyond the limit.
    /// </summary>
    private readonly int _slack = Math.Max(16, limits.Value.Total / 2);
    private int _open;
    private long _toldAt;

    /// <summary>The connection middleware of Kestrel. Every connection passes through it.</summary>
    public async Task HoldAsync(ConnectionContext transport, Func<Task> next)
    {
        var client = ClientOf((transport.RemoteEndPoint as IPEndPoint)?.Address);
        var connection = new OpenConnection(this, transport, client);
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

    public void Change(OpenConnection connection, int requests = 0, int screens = 0)
    {
        lock (_lock)
        {
            connection.Requests += requests;
            connection.Screens += screens;
            if (connection.State == ConnectionState.Leaving)
                return;
            Place(
                connection,
                connection.Screens > 0 ? ConnectionState.Screen
                    : connection.Requests > 0 ? ConnectionState.Busy
                    : ConnectionState.Idle
            );
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
            var isFull = greedy is not null || _open - _byState[(int)ConnectionState.Leaving].Count >= _most;
            displaced = isFull ? Idlest(greedy) : null;
            if (isFull)
                Tell();
            if ((isFull && displaced is null) || _open >= _most + _slack)
                return false;
            if (displaced is not null)
                Place(displaced, ConnectionState.Leaving);
            _open++;
            _byNetwork.Add(connection.Client);
            Place(connection, ConnectionState.New);
        }
        displaced?.Close();
        return true;
    }

    private void Leave(OpenConnection connection)
    {
        lock (_lock)
        {
            _open--;
            _byState[(int)connection.State].Remove(connection.Place!);
            if (connection.State != ConnectionState.Leaving)
                _byNetwork.Remove(connection.Client);
            // A request can end after its connection. It must not change the table then.
            connection.State = ConnectionState.Leaving;
        }
    }

    /// <summary>Returns the connection to close first, among all connections or those of one network.</summary>
    private OpenConnection? Idlest(IPNetwork? network)
    {
        foreach (var state in (ConnectionState[])[ConnectionState.New, ConnectionState.Idle, ConnectionState.Busy])
        {
            var connections = _byState[(int)state];
            var first = connections.FirstOrDefault(c => network is null || c.Client?.IsIn(network.Value) == true);
            if (first is null)
                continue;
            if (state != ConnectionState.Busy || Stopwatch.GetElapsedTime(first.Since) > PatienceWithBusy)
                return first;
        }
        return null;
    }

    private List<OpenConnection> Expired()
    {
        lock (_lock)
        {
            // Idle connections of proxies are not closed. A proxy reuses them (keep-alive) and would lose a citizen's
            // request if it arrived while the connection was closing.
            List<OpenConnection> expired =
            [
                .. _byState[(int)ConnectionState.New]
                    .TakeWhile(c => Stopwatch.GetElapsedTime(c.Since) > PatienceWithNew),
                .. _byState[(int)ConnectionState.Idle]
                    .TakeWhile(c => Stopwatch.GetElapsedTime(c.Since) > PatienceWithIdle)
                    .Where(c => c.Client is not null),
            ];
            foreach (var connection in expired)
                Place(connection, ConnectionState.Leaving);
            return expired;
        }
    }

    /// <summary>Moves a connection to the end of the list of its new state.</summary>
    private void Place(OpenConnection connection, ConnectionState state)
    {
        var place = connection.Place ??= new LinkedListNode<OpenConnection>(connection);
        place.List?.Remove(place);
        if (state == ConnectionState.Leaving)
            _byNetwork.Remove(connection.Client);
        (connection.State, connection.Since) = (state, Stopwatch.GetTimestamp());
        _byState[(int)state].AddLast(place);
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
        Log.Full(logger, _open, _most, _share);
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
