using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http.Network;

namespace ServiceEval.Tests.Hosting.Network;

/// <summary>Tests connections as Kestrel hands them over, because no test can connect from these addresses.</summary>
public sealed class ConnectionShareTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_past_its_share_displaces_its_own_connections_and_nobody_elses()
    {
        using var table = Table(most: 8, share: 2);
        var others = new Peer(table, "203.0.113.1");
        var first = new Peer(table, "2001:db8:1:2::1");
        var second = new Peer(table, "2001:db8:1:2::2");

        var third = new Peer(table, "2001:db8:1:2:ffff::3");

        await first.ClosedAsync();
        Assert.False(second.IsClosed || third.IsClosed || others.IsClosed);
    }

    /// <summary>A client with a /48 has 65,536 networks, and each network would have a share.</summary>
    [Fact]
    public async Task A_site_of_IPv6_has_half_of_all_and_displaces_its_own_connections_too()
    {
        using var table = Table(most: 8, share: 2);
        var others = new Peer(table, "2001:db8:9::1");
        // The first network of a site begins with the same bytes as the site itself.
        List<Peer> stranger = [.. Enumerable.Range(0, 4).Select(n => new Peer(table, $"2001:db8:1:{n}::1"))];
        Assert.DoesNotContain(stranger, peer => peer.IsClosed);

        var fifth = new Peer(table, "2001:db8:1:ffff::1");

        await stranger[0].ClosedAsync();
        Assert.False(fifth.IsClosed || others.IsClosed || stranger.Skip(1).Any(peer => peer.IsClosed));
    }

    /// <summary>
    /// If the share of one address is larger than half of all connections, a site may have the same share.
    /// </summary>
    [Fact]
    public void The_share_of_a_site_is_at_least_the_share_of_an_address()
    {
        using var table = Table(most: 4, share: 3);

        List<Peer> peers = [.. Enumerable.Range(0, 3).Select(network => new Peer(table, $"2001:db8:1:{network}::1"))];

        Assert.DoesNotContain(peers, peer => peer.IsClosed);
    }

    [Fact]
    public async Task Loopback_and_known_proxies_may_use_all_connections_and_then_displace_the_idlest()
    {
        using var table = Table(most: 4, share: 1, proxy: "198.51.100.1");
        List<Peer> peers =
        [
            new(table, "127.0.0.1"),
            new(table, "::1"),
            new(table, "198.51.100.1"),
            new(table, "::ffff:198.51.100.1"),
        ];
        Assert.DoesNotContain(peers, p => p.IsClosed);
        // The first connection has a request under way, so the second is idle for the longest time.
        peers[0].Connection.Begin();

        _ = new Peer(table, "127.0.0.1");

        await peers[1].ClosedAsync();
        Assert.False(peers[0].IsClosed || peers[2].IsClosed || peers[3].IsClosed);
    }

    /// <summary>The last four bytes of this address are the proxy's. Any client may choose these bytes.</summary>
    [Fact]
    public async Task An_address_with_a_known_proxys_tail_has_a_strangers_share()
    {
        using var table = Table(most: 4, share: 1, proxy: "198.51.100.1");
        var first = new Peer(table, "2001:db8::c633:6401");

        _ = new Peer(table, "2001:db8::c633:6401");

        await first.ClosedAsync();
    }

    [Fact]
    public async Task A_new_connection_is_refused_if_all_others_are_at_work()
    {
        using var table = Table(most: 2, share: 2);
        List<Peer> peers = [new(table, "203.0.113.1"), new(table, "203.0.113.2")];
        foreach (var peer in peers)
            peer.Connection.Begin();

        var refused = new Peer(table, "203.0.113.3");
        await refused.ClosedAsync();

        peers[0].Connection.End();
        peers[0].Leave();
        var next = new Peer(table, "203.0.113.4");
        Assert.False(next.IsClosed || peers[1].IsClosed);
    }

    private static ConnectionTable Table(int most, int share, params string[] proxy) =>
        new(
            Options.Create(new ConnectionLimits { Most = most, OfOneAddress = share }),
            Options.Create(new ServiceEvalOptions { KnownProxies = proxy }),
            NullLogger<ConnectionTable>.Instance
        );

#pragma warning disable CA1001 // The transport is in memory only, and the test does not wait for it.
    private sealed class Peer
#pragma warning restore CA1001
    {
        private readonly DefaultConnectionContext _transport = new();
        private readonly TaskCompletionSource _end = new();

        public Peer(ConnectionTable table, string address)
        {
            _transport.RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1);
            _ = table.HoldAsync(_transport, () => _end.Task);
        }

        public OpenConnection Connection => _transport.Features.Get<OpenConnection>()!;
        public bool IsClosed => _transport.ConnectionClosed.IsCancellationRequested;

        public void Leave() => _end.SetResult();

        public async Task ClosedAsync()
        {
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registered = _transport.ConnectionClosed.Register(closed.SetResult);
            await closed.Task.WaitAsync(Limit, Ct);
        }
    }
}
