using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace ServiceEval.Web.Hosting.Network;

/// <summary>How many connections this node holds at once.</summary>
public sealed class ConnectionLimits
{
    public const string Section = "ServiceEval:Connections";

    private const int Plenty = 10_000;

    /// <summary>Of everybody. 0: half of the file descriptors that this process may open, and 10,000 at most.</summary>
    [Range(0, 1_000_000, ErrorMessage = "ServiceEval__Connections__Most 应为 0～1000000 的整数，0 表示由系统决定。")]
    public int Most { get; set; }

    /// <summary>
    /// Of one address, which may be a whole hall's. 0: half of <see cref="Most"/>. An IPv6 /64 counts as one address.
    /// A /48 has 64 times as many, but not more than half of all. Loopback and known proxies are exempt.
    /// </summary>
    [Range(
        0,
        1_000_000,
        ErrorMessage = "ServiceEval__Connections__OfOneAddress 应为 0～1000000 的整数，0 表示 Most 的一半。"
    )]
    public int OfOneAddress { get; set; }

    /// <summary>Screens of one address on the hub, loopback exempt. IPv6 counts as for connections.</summary>
    [Range(1, 1_000_000, ErrorMessage = "ServiceEval__Connections__ScreensOfOneAddress 应为 1～1000000 的整数。")]
    public int ScreensOfOneAddress { get; set; } = 500;

    public int Total => Most > 0 ? Most : Math.Clamp((Descriptors() ?? int.MaxValue) / 2, 1, Plenty);

    /// <summary>At least one, so that a tiny limit still serves.</summary>
    public int Share => OfOneAddress > 0 ? OfOneAddress : Math.Max(1, Total / 2);

    /// <summary>Screens stay for days: they leave half of all connections to citizens.</summary>
    public int Screens => Math.Max(1, Total / 2);

    /// <summary>Files and sockets together; null where the system sets no limit.</summary>
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
