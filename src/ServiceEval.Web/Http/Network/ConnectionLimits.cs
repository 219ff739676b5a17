using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace ServiceEval.Web.Http.Network;

/// <summary>The limits on the open connections of this node.</summary>
public sealed class ConnectionLimits
{
    public const string Section = "ServiceEval:Connections";

    private const int Plenty = 10_000;

    /// <summary>
    /// The limit for all connections together. 0 means half of the file descriptors that this process may open, but at
    /// most 10,000.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = "ServiceEval__Connections__Most 应为 0～1000000 的整数，0 表示由系统决定。")]
    public int Most { get; set; }

    /// <summary>
    /// The limit for one address, which can be a whole hall. 0 means half of <see cref="Most"/>. An IPv6 /64 counts as
    /// one address. A /48 has 64 times this limit, but not more than half of all connections. Loopback and known
    /// proxies are exempt.
    /// </summary>
    [Range(
        0,
        1_000_000,
        ErrorMessage = "ServiceEval__Connections__OfOneAddress 应为 0～1000000 的整数，0 表示 Most 的一半。"
    )]
    public int OfOneAddress { get; set; }

    /// <summary>
    /// The limit for the screens of one address on the hub. Loopback is exempt. IPv6 is counted as for connections.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "ServiceEval__Connections__ScreensOfOneAddress 应为 1～1000000 的整数。")]
    public int ScreensOfOneAddress { get; set; } = 500;

    public int Total => Most > 0 ? Most : Math.Clamp((Descriptors() ?? int.MaxValue) / 2, 1, Plenty);

    /// <summary>
    /// The effective limit for one address. It is at least 1, so that the node serves even with a tiny limit.
    /// </summary>
    public int Share => OfOneAddress > 0 ? OfOneAddress : Math.Max(1, Total / 2);

    /// <summary>
    /// The limit for all screens. Screens stay connected for days, so half of all connections is left for citizens.
    /// </summary>
    public int Screens => Math.Max(1, Total / 2);

    /// <summary>
    /// Returns the limit of file descriptors (files and sockets together); null if the system sets no limit.
    /// </summary>
    private static int? Descriptors()
    {
        const string Limits = "/proc/self/limits";
        const string Name = "Max open files";
        if (!File.Exists(Limits))
            return null;
        var line = File.ReadLines(Limits).FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
    }
}
