namespace ServiceEval.Web.Features.Reports.Statistics;

/// <summary>
/// Sums over a row by falling rate, so that any stretch of it is tested in one step, and most need no test.
/// </summary>
internal sealed class BandSums
{
    // One-sided Chebyshev (Cantelli): beyond the mean by √19 standard deviations lies less than a twentieth, whatever
    // the distribution.
    private const double Beyond = 4.359;

    private readonly long[] _n;
    private readonly long[] _good;

    // Of the good ones less those that the row's own rate would give: about it the differences of sums keep their
    // digits.
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

    /// <summary>After a stretch that is not homogeneous: how far the row goes on without one that could be.</summary>
    /// <remarks>
    /// A longer stretch has no smaller squares about its mean, and the pooled rate only falls. So between here and
    /// there chi-squared is at least its least value, and the mean and variance that it is measured against are at most
    /// their greatest ones.
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

    /// <summary>The weighted squares about the pooled rate.</summary>
    private double Squares(int start, int end)
    {
        var surplus = _surplus[end] - _surplus[start];
        return Math.Max(0, _squares[end] - _squares[start] - surplus * surplus / (_n[end] - _n[start]));
    }

    private static double Spread(double rate) => rate * (1 - rate);
}
