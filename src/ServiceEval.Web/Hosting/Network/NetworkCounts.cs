using System.Net;

namespace ServiceEval.Web.Hosting.Network;

/// <summary>How many connections or screens each network has at once. Its owner locks.</summary>
/// <param name="share">The most that one network may have.</param>
/// <param name="all">
/// The most that everybody together may have. A site has half of it at most, or a network's share if that is more.
/// </param>
internal sealed class NetworkCounts(int share, int all)
{
    private readonly Dictionary<IPNetwork, int> _counts = [];
    private readonly int _ofASite = (int)
        Math.Min((long)share * ClientNetwork.NetworksOfASite, Math.Max(share, all / 2));

    /// <summary>The client's network that has its share already. Null if the client may have one more.</summary>
    /// <param name="client">Null for one that no limit by address is for.</param>
    public IPNetwork? FullFor(ClientNetwork? client)
    {
        if (client is null)
            return null;
        if (Of(client.Own) >= share)
            return client.Own;
        return client.Site is { } site && Of(site) >= _ofASite ? site : null;
    }

    public void Add(ClientNetwork? client)
    {
        if (client is null)
            return;
        Change(client.Own, 1);
        if (client.Site is { } site)
            Change(site, 1);
    }

    public void Remove(ClientNetwork? client)
    {
        if (client is null)
            return;
        Change(client.Own, -1);
        if (client.Site is { } site)
            Change(site, -1);
    }

    private int Of(IPNetwork network) => _counts.GetValueOrDefault(network);

    private void Change(IPNetwork network, int by)
    {
        var count = Of(network) + by;
        if (count == 0)
            _counts.Remove(network);
        else
            _counts[network] = count;
    }
}
