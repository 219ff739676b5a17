using System.Net;
using System.Net.Sockets;

namespace ServiceEval.Web.Hosting.Network;

/// <summary>
/// The networks that every limit by address counts a client in. A stranger changes the address within them at will.
/// </summary>
/// <param name="Own">The /32 of IPv4. The /64 of IPv6, because one line has all of its addresses.</param>
/// <param name="Site">The /48 of IPv6 that a provider gives a large customer. Null for IPv4.</param>
internal sealed record ClientNetwork(IPNetwork Own, IPNetwork? Site)
{
    /// <summary>
    /// How many times a network's limit a site has. It could use 65,536 networks, and may be a carrier's with
    /// thousands of phones.
    /// </summary>
    public const int NetworksOfASite = 64;

    private const int AddressBits = 32,
        NetworkBits = 64,
        SiteBits = 48;

    /// <summary>IPv4 that is written as IPv6 is IPv4.</summary>
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
