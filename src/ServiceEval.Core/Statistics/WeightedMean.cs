using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Statistics;

/// <summary>平均分: the plain mean of the grades' weights and its 95 % interval, in the unit of the weights.</summary>
public sealed record WeightedMean(double Mean, double Low, double High)
{
    /// <summary>
    /// Computes the mean with the interval of Agresti and Coull (1998), The American Statistician 52:119–126, extended
    /// from two grades to five. z²/2 pseudo ratings are added at either end of the weights, and the interval is Wald's
    /// interval about the mean of all. So the interval never shrinks to a point, even if all ratings have the same
    /// grade, and it always contains the plain mean.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no ratings.</exception>
    public static WeightedMean Of(GradeCounts counts, GradeWeights weights)
    {
        var n = counts.Total;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n, nameof(counts));
        const double Pseudo = Wilson.Z * Wilson.Z / 2;
        var (lowest, highest) = (weights.Lowest, weights.Highest);
        var sum = Grades.All.Sum(grade => counts[grade] * weights[grade]);
        var adjustedN = n + 2 * Pseudo;
        var adjusted = (sum + Pseudo * (lowest + highest)) / adjustedN;
        var squares =
            Grades.All.Sum(grade => counts[grade] * Squared(weights[grade] - adjusted))
            + Pseudo * (Squared(lowest - adjusted) + Squared(highest - adjusted));
        var half = Wilson.Z * Math.Sqrt(squares) / adjustedN;
        return new(sum / n, Math.Max(lowest, adjusted - half), Math.Min(highest, adjusted + half));
    }

    private static double Squared(double x) => x * x;
}
