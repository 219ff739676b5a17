using System.Net;
using System.Net.Sockets;

namespace ServiceEval.Web.Http.Network;

/// <summary>
/// The networks in which every limit by address counts a client. A client can change its address within them at will.
/// </summary>
/// <param name="Own">The /32 of IPv4, or the /64 of IPv6, because one line has all addresses of a /64.</param>
/// <param name="Site">The /48 of IPv6 that a provider assigns to a large customer; null for IPv4.</param>
internal sealed record ClientNetwork(IPNetwork Own, IPNetwork? Site)
{
    /// <summary>
    /// The limit of a site, as a multiple of a network's limit. A site has 65,536 networks and can be a mobile carrier
    /// with thousands of phones.
    /// </summary>
    public const int NetworksOfASite = 64;

    private const int AddressBits = 32,
        NetworkBits = 64,
        SiteBits = 48;

    /// <summary>Returns the networks of an address. An IPv4-mapped IPv6 address counts as IPv4.</summary>
    public static ClientNetwork Of(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? new ClientNetwork(Prefix(plain, NetworkBits), Prefix(plain, SiteBits))
            : new ClientNetwork(new IPNetwork(plain, AddressBits), null);
    }

    public bool IsIn(IPNetwork network) => Own == network || Site == network;

    private static IPNetwork Prefix(IPAddress address, int bits)
    {
        var whole = address.GetAddressBytes();
        whole.AsSpan(bits / 8).Clear();
        return new IPNetwork(new IPAddress(whole), bits);
    }
}
