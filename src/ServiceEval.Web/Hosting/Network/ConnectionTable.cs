using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting.Network;

/// <summary>
/// All connections of this node. Past the limit, or past a network's share, a new one displaces the one that did
/// nothing for the longest, so that idle connections never keep a citizen out. Where all are at work the new one is
/// refused. The limit lies well below the file descriptors, because the process dies where they end.
/// </summary>
internal sealed partial class ConnectionTable(
    IOptions<ConnectionLimits> limits,
    IOptions<ServiceEvalOptions> options,
    ILogger<ConnectionTable> logger
) : BackgroundService
{
    // These wait for people on real networks, so they keep the real clock also where time is faked.
    private static readonly TimeSpan PatienceWithNew = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PatienceWithIdle = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A request that is answered for longer than this may be closed for a new connection: a slow upload, a held poll.
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

    /// <summary>Those that were told to close have their descriptors for a moment more.</summary>
    private readonly int _slack = Math.Max(16, limits.Value.Total / 2);
    private int _open;
    private long _toldAt;

    /// <summary>Kestrel's way of every connection.</summary>
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
            // A request that outlives its connection changes nothing any more.
            connection.State = ConnectionState.Leaving;
        }
    }

    /// <summary>The one to close first, of this network or of all.</summary>
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
            // Proxies keep theirs for the next citizen, and would lose that one's request if it met the closing.
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

    /// <summary>To the end of its state's line.</summary>
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
    /// MapToIPv4 takes the last four bytes of any address, so that a stranger could choose an address with a proxy's.
    /// </summary>
    private bool IsMappedProxy(IPAddress peer) => peer.IsIPv4MappedToIPv6 && _proxies.Contains(peer.MapToIPv4());

    /// <summary>Once a minute: a flood of connections is no flood of lines.</summary>
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
            "{Open} connections are open; {Most} is the most, {Share} of one address, and an IPv6 /48 has a limit too: "
                + "idle ones are closed for new ones"
        )]
        public static partial void Full(ILogger logger, int open, int most, int share);
    }
}
