using MathNet.Numerics;

namespace ServiceEval.Web.Features.Reports.Statistics;

/// <summary>How often chance alone goes as far, 0–1.</summary>
internal static class Tails
{
    /// <summary>A standard normal variable is at least so far from 0, on either side.</summary>
    public static double Normal(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>
    /// A chi-squared variable with these degrees of freedom, 0 or more, is at least so large; with none it is always 0.
    /// </summary>
    public static double ChiSquared(double x, int freedom) =>
        x <= 0 ? 1
        : freedom == 0 ? 0
        : SpecialFunctions.GammaUpperRegularized(freedom / 2.0, x / 2);

    /// <summary>
    /// Pearson's chi-squared of so many samples is at least so large, their sizes and the number of good ones given.
    /// Its exact conditional mean and variance (Haldane 1940, Biometrika 31:346–355) under a gamma distribution, so
    /// that it also holds where a bad rating is expected in few samples or none: there the chi-squared distribution
    /// calls chance a difference three times too often.
    /// </summary>
    /// <param name="pooled">All samples together, of both kinds.</param>
    /// <param name="samples">How many there are.</param>
    /// <param name="reciprocals">The sum of 1 ÷ n over them.</param>
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
        // One way only to be distributed, such as a single bad rating in samples of one size.
        if (variance <= 1e-9)
            return 1;
        return chiSquared <= 0
            ? 1
            : SpecialFunctions.GammaUpperRegularized(mean * mean / variance, chiSquared * mean / variance);
    }
}
