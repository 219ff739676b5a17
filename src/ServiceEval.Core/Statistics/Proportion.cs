namespace ServiceEval.Core.Statistics;

/// <summary>The number of good ratings among <see cref="N"/> ratings. <c>default</c> has no ratings.</summary>
public readonly record struct Proportion
{
    /// <exception cref="ArgumentOutOfRangeException">There are more good ratings than ratings, or fewer than
    /// zero.</exception>
    public Proportion(int good, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(good);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(good, n);
        (Good, N) = (good, n);
    }

    public int Good { get; }
    public int N { get; }

    /// <summary>The share of the good ratings, 0–1. It is NaN if there are no ratings.</summary>
    public double Rate => (double)Good / N;

    /// <summary>Whether all ratings are good or none is good.</summary>
    public bool IsUnanimous => Good == 0 || Good == N;

    /// <inheritdoc cref="Wilson.Interval"/>
    public (double Low, double High) Interval => Wilson.Interval(Good, N);

    public static Proportion operator +(Proportion a, Proportion b) =>
        new(checked(a.Good + b.Good), checked(a.N + b.N));
}
