using System.Net;

namespace ServiceEval.Web.Http.Network;

/// <summary>Counts the open connections or screens of each network. The owner must lock.</summary>
/// <param name="share">The limit of one network.</param>
/// <param name="all">
/// The limit of all networks together. A site may have half of it, or a network's share if that is more.
/// </param>
internal sealed class NetworkCounts(int share, int all)
{
    private readonly Dictionary<IPNetwork, int> _counts = [];
    private readonly int _ofASite = (int)
        Math.Min((long)share * ClientNetwork.NetworksOfASite, Math.Max(share, all / 2));

    /// <summary>
    /// Returns the network of the client that has reached its limit; null if the client may have one more.
    /// </summary>
    /// <param name="client">Null for a client to which limits by address do not apply.</param>
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
