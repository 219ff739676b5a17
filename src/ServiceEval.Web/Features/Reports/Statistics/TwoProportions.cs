namespace ServiceEval.Web.Features.Reports.Statistics;

/// <summary>How far a rate moved from one period to the next, and whether by more than chance.</summary>
/// <param name="Difference">Now less before, −1 to 1.</param>
/// <param name="Low">The lower end of its 95 % interval, which may hold 0 although <paramref name="P"/> is just below 5
/// %, or the reverse.</param>
/// <param name="High">The upper end.</param>
/// <param name="P">Two-sided: how often two samples of one and the same rate differ at least as much.</param>
/// <param name="IsLargeEnough"> Whether both are expected to hold at least one rating of either kind (Cochran 1954,
/// Biometrics 10:417–451): below that the test calls chance a change nearly twice as often as it says. </param>
public sealed record TwoProportions(double Difference, double Low, double High, double P, bool IsLargeEnough)
{
    public const double Significance = 0.05;

    public bool IsBeyondNoise => P < Significance && IsLargeEnough;

    /// <summary>
    /// The interval is the hybrid score interval of Newcombe (1998), Statistics in Medicine 17:873–890, method 10; the
    /// test is the z test with the pooled rate, whose square is Pearson's chi-squared of the 2×2 table.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the two is nothing.</exception>
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
