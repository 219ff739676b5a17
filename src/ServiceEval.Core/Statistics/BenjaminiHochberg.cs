namespace ServiceEval.Core.Statistics;

/// <summary>
/// Selects the tests to believe out of many tests. On average at most 5 % of the selected tests are chance (false
/// discovery rate): Benjamini and Hochberg (1995), JRSS B 57:289–300.
/// </summary>
public static class BenjaminiHochberg
{
    public const double FalseDiscoveryRate = 0.05;

    /// <returns>For each p-value, in the given order, whether it is a discovery.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is not a probability.</exception>
    public static IReadOnlyList<bool> Discoveries(IReadOnlyList<double> p)
    {
        if (p.Any(value => !(value is >= 0 and <= 1)))
            throw new ArgumentOutOfRangeException(nameof(p), "A p-value is from 0 to 1.");
        var threshold = p.Order()
            .Where((value, index) => value <= (index + 1) * FalseDiscoveryRate / p.Count)
            .LastOrDefault(double.NegativeInfinity);
        return [.. p.Select(value => value <= threshold)];
    }
}
