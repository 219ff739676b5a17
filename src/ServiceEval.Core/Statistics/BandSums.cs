namespace ServiceEval.Core.Statistics;

/// <summary>
/// Prefix sums over a row of windows in the order of falling rate. With them, any range of the row is tested in one
/// step, and most ranges need no test.
/// </summary>
internal sealed class BandSums
{
    // From the one-sided Chebyshev inequality (Cantelli): for any distribution, the probability of a value more than
    // √19 standard deviations above the mean is less than one twentieth.
    private const double Beyond = 4.359;

    private readonly long[] _n;
    private readonly long[] _good;

    // The good ratings minus the number that the rate of the whole row would give. Around this value, the differences
    // of sums keep their precision.
    private readonly double[] _surplus;
    private readonly double[] _squares;
    private readonly double[] _reciprocals;

    public BandSums(Proportion[] sorted)
    {
        Count = sorted.Length;
        (_n, _good) = (new long[Count + 1], new long[Count + 1]);
        (_surplus, _squares, _reciprocals) = (new double[Count + 1], new double[Count + 1], new double[Count + 1]);
        var rate = sorted.Sum(p => (double)p.Good) / Math.Max(1, sorted.Sum(p => (double)p.N));
        for (var i = 0; i < Count; i++)
        {
            var (n, surplus) = ((double)sorted[i].N, sorted[i].Good - rate * sorted[i].N);
            (_n[i + 1], _good[i + 1]) = (_n[i] + sorted[i].N, _good[i] + sorted[i].Good);
            (_surplus[i + 1], _squares[i + 1], _reciprocals[i + 1]) = (
                _surplus[i] + surplus,
                _squares[i] + surplus * surplus / n,
                _reciprocals[i] + 1 / n
            );
        }
    }

    public int Count { get; }

    public Proportion Pooled(int start, int end) =>
        new(checked((int)(_good[end] - _good[start])), checked((int)(_n[end] - _n[start])));

    /// <inheritdoc cref="Tails.Homogeneity"/>
    public double Homogeneity(int start, int end)
    {
        var pooled = Pooled(start, end);
        if (end - start < 2 || pooled.IsUnanimous)
            return 1;
        return Tails.Homogeneity(
            Squares(start, end) / Spread(pooled.Rate),
            pooled,
            end - start,
            _reciprocals[end] - _reciprocals[start]
        );
    }

    /// <summary>
    /// Returns how far the row continues without a range that could be homogeneous. Call this after a range that is not
    /// homogeneous.
    /// </summary>
    /// <remarks>
    /// The squares of a longer range about its mean are not smaller, and the pooled rate only falls. So for all ends in
    /// this part, chi-squared is at least its lower bound, and the mean and variance that it is compared with are at
    /// most their upper bounds.
    /// </remarks>
    public int HopelessUntil(int start, int end)
    {
        var (known, step) = (end, 1);
        while (end + step <= Count && IsHopeless(start, end, end + step))
            (known, step) = (end + step, step * 2);
        return known;
    }

    private bool IsHopeless(int start, int from, int to)
    {
        var (nearer, farther) = (Pooled(start, from).Rate, Pooled(start, to).Rate);
        var n = (double)(_n[from] - _n[start]);
        var least = Math.Min(Spread(nearer), Spread(farther));
        if (n < 4 || least <= 0)
            return false;
        var greatest = nearer >= 0.5 && farther <= 0.5 ? 0.25 : Math.Max(Spread(nearer), Spread(farther));
        var (samples, reciprocals) = (to - start - 1.0, _reciprocals[to] - _reciprocals[start]);
        // The terms of Tails.Homogeneity, each at its bound.
        var mean = n / (n - 1) * samples;
        var variance =
            2 * n / (n - 3) * (samples + n / (n - 2) * reciprocals)
            + n * n * n / ((n - 1) * (n - 2) * (n - 2)) * reciprocals / least;
        return Squares(start, from) / greatest > mean + Beyond * Math.Sqrt(variance);
    }

    /// <summary>Returns the weighted squares about the pooled rate.</summary>
    private double Squares(int start, int end)
    {
        var surplus = _surplus[end] - _surplus[start];
        return Math.Max(0, _squares[end] - _squares[start] - surplus * surplus / (_n[end] - _n[start]));
    }

    private static double Spread(double rate) => rate * (1 - rate);
}
