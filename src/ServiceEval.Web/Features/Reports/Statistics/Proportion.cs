using ServiceEval.Data.Tallies;

namespace ServiceEval.Web.Features.Reports.Statistics;

/// <summary>So many good ones in <see cref="N"/>; <c>default</c> is nothing at all.</summary>
public readonly record struct Proportion
{
    /// <exception cref="ArgumentOutOfRangeException">More good ones than there are, or fewer than none.</exception>
    public Proportion(int good, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(good);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(good, n);
        (Good, N) = (good, n);
    }

    public int Good { get; }
    public int N { get; }

    /// <summary>The good ones' share, 0–1; not a number where there is nothing.</summary>
    public double Rate => (double)Good / N;

    /// <summary>Whether all are good or none is.</summary>
    public bool IsUnanimous => Good == 0 || Good == N;

    /// <inheritdoc cref="Wilson.Interval"/>
    public (double Low, double High) Interval => Wilson.Interval(Good, N);

    public static Proportion operator +(Proportion a, Proportion b) =>
        new(checked(a.Good + b.Good), checked(a.N + b.N));
}
