using MathNet.Numerics;

namespace ServiceEval.Core.Statistics;

/// <summary>Computes how often chance alone gives a value at least as extreme, 0–1.</summary>
internal static class Tails
{
    /// <summary>
    /// Returns the probability that a standard normal variable is at least this far from 0, on either side.
    /// </summary>
    public static double Normal(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>
    /// Returns the probability that a chi-squared variable with these degrees of freedom (0 or more) is at least this
    /// large. With 0 degrees of freedom, the variable is always 0.
    /// </summary>
    public static double ChiSquared(double x, int freedom) =>
        x <= 0 ? 1
        : freedom == 0 ? 0
        : SpecialFunctions.GammaUpperRegularized(freedom / 2.0, x / 2);

    /// <summary>
    /// Returns the probability that Pearson's chi-squared of these samples is at least this large, given their sizes
    /// and the number of good ratings. It uses the exact conditional mean and variance (Haldane 1940, Biometrika
    /// 31:346–355) in a gamma distribution. So it also holds if a bad rating is expected in few samples or in none. In
    /// this case the chi-squared distribution would report chance as a difference three times too often.
    /// </summary>
    /// <param name="pooled">All samples together, with good and bad ratings.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="reciprocals">The sum of 1 ÷ n over the samples.</param>
    public static double Homogeneity(double chiSquared, Proportion pooled, int samples, double reciprocals)
    {
        if (samples < 2 || pooled.IsUnanimous || pooled.N < 4)
            return 1;
        double n = pooled.N,
            bad = pooled.N - pooled.Good;
        var mean = n / (n - 1) * (samples - 1);
        var (spread, ofSizes) = (
            (samples - 1) * (n - samples) / (n - 1),
            (n * reciprocals - (double)samples * samples) / (n - 2)
        );
        var (ofTwo, ofKinds) = ((n - 2) / (n - 1), (n * (1 / (double)pooled.Good + 1 / bad) - 4) / (n - 2));
        var variance = 2 * n / (n - 3) * (spread - ofSizes) * (ofTwo - ofKinds) + n * n / (n - 1) * ofSizes * ofKinds;
        // There is only one possible distribution, for example of a single bad rating over samples of equal size.
        if (variance <= 1e-9)
            return 1;
        return chiSquared <= 0
            ? 1
            : SpecialFunctions.GammaUpperRegularized(mean * mean / variance, chiSquared * mean / variance);
    }
}
