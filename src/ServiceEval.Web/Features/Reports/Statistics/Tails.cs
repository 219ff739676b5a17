using MathNet.Numerics;

namespace ServiceEval.Web.Features.Reports.Statistics;

/// <summary>How often chance alone goes as far, 0–1.</summary>
internal static class Tails
{
    /// <summary>A standard normal variable is at least so far from 0, on either side.</summary>
    public static double Normal(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>A chi-squared variable with these degrees of freedom, 0 or more, is at least so large; with none it is always 0.</summary>
    public static double ChiSquared(double x, int freedom) => x <= 0 ? 1 : freedom == 0 ? 0 : SpecialFunctions.GammaUpperRegularized(freedom / 2.0, x / 2);
}
