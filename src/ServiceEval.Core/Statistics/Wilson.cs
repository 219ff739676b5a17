namespace ServiceEval.Core.Statistics;

/// <summary>
/// The score interval of Wilson (1927), JASA 22:209–212. It is reliable for small samples and for rates near 1.
/// </summary>
public static class Wilson
{
    /// <summary>
    /// The 97.5th percentile of the standard normal distribution: 95 % of the distribution lies between −Z and +Z.
    /// </summary>
    public const double Z = 1.959963984540054;

    /// <summary>
    /// Returns the 95 % interval of the rate of <paramref name="good"/> in <paramref name="n"/>. Both ends are within
    /// 0–1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is not positive, or <paramref name="good"/>
    /// is negative or greater than <paramref name="n"/>.</exception>
    public static (double Low, double High) Interval(int good, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        ArgumentOutOfRangeException.ThrowIfNegative(good);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(good, n);
        var p = (double)good / n;
        var z2 = Z * Z;
        var centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = Z / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4.0 * n * n));
        return (good == 0 ? 0 : Math.Max(0, centre - half), good == n ? 1 : Math.Min(1, centre + half));
    }
}
