namespace ServiceEval.Core.Statistics;

/// <summary>The change of a rate from one period to the next, and whether it is larger than chance.</summary>
/// <param name="Difference">The rate now minus the rate before, −1 to 1.</param>
/// <param name="Low">The lower end of the 95 % interval of the difference. The interval may contain 0 although
/// <paramref name="P"/> is just below 5 %, or the reverse.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="P">Two-sided: the probability that two samples with the same rate differ at least as much.</param>
/// <param name="IsLargeEnough">Whether both samples are expected to contain at least one rating of either kind (Cochran
/// 1954, Biometrics 10:417–451). Below that, the test reports chance as a change nearly twice as often as it
/// states.</param>
public sealed record TwoProportions(double Difference, double Low, double High, double P, bool IsLargeEnough)
{
    public const double Significance = 0.05;

    public bool IsBeyondNoise => P < Significance && IsLargeEnough;

    /// <summary>
    /// Compares two rates. The interval is the hybrid score interval of Newcombe (1998), Statistics in Medicine
    /// 17:873–890, method 10. The test is the z test with the pooled rate; its square is Pearson's chi-squared of the
    /// 2×2 table.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the two has no ratings.</exception>
    public static TwoProportions Compare(Proportion before, Proportion now)
    {
        var (lowBefore, highBefore) = before.Interval;
        var (lowNow, highNow) = now.Interval;
        var difference = now.Rate - before.Rate;
        return new(
            difference,
            difference - double.Hypot(now.Rate - lowNow, highBefore - before.Rate),
            difference + double.Hypot(highNow - now.Rate, before.Rate - lowBefore),
            PooledP(before, now),
            LeastExpected(before, now) >= 1
        );
    }

    private static double LeastExpected(Proportion before, Proportion now)
    {
        var pooled = (before + now).Rate;
        return Math.Min(before.N, now.N) * Math.Min(pooled, 1 - pooled);
    }

    private static double PooledP(Proportion before, Proportion now)
    {
        var pooled = before + now;
        if (pooled.IsUnanimous)
            return 1;
        var variance = pooled.Rate * (1 - pooled.Rate) * (1.0 / before.N + 1.0 / now.N);
        return Tails.Normal((now.Rate - before.Rate) / Math.Sqrt(variance));
    }
}
