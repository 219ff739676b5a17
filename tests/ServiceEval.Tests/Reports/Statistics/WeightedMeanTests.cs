using CsCheck;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Tests.Reports.Statistics;

public sealed class WeightedMeanTests
{
    private static readonly GradeWeights Wuzhou = new();

    private static readonly Gen<GradeCounts> Counts = Gen.OneOf(Gen.Const(0), Gen.Int[0, 400])
        .Array[5]
        .Where(c => c.Sum() > 0)
        .Select(c => new GradeCounts(c[0], c[1], c[2], c[3], c[4]));

    /// <summary>Computed separately with mpmath.</summary>
    [Theory]
    [InlineData(120, 40, 20, 12, 8, 8.38, 7.946124214, 8.68648138)]
    [InlineData(196, 0, 0, 0, 4, 9.8, 9.479004412, 9.940080455)]
    [InlineData(0, 30, 0, 0, 0, 8, 7.00758867, 8.311330971)]
    [InlineData(30, 0, 0, 0, 0, 10, 8.652883039, 10)]
    public void The_mean_is_the_arithmetic_mean_and_the_interval_never_has_zero_width(
        int a,
        int b,
        int c,
        int d,
        int e,
        double mean,
        double low,
        double high
    )
    {
        var score = WeightedMean.Of(new(a, b, c, d, e), Wuzhou);

        Assert.Equal(mean, score.Mean, 1e-12);
        Assert.Equal(low, score.Low, 1e-8);
        Assert.Equal(high, score.High, 1e-8);
    }

    [Fact]
    public void The_default_is_the_table_of_Wuzhou()
    {
        Assert.Equal([10, 8, 6, 3, 0], Grades.All.Select(grade => Wuzhou[grade]));
        Assert.Equal(
            (2, 0.5),
            (
                WeightedMean.Of(GradeCounts.One(Grade.Satisfied), Wuzhou with { Satisfied = 2 }).Mean,
                (Wuzhou with { VeryDissatisfied = 0.5 }).Lowest
            )
        );
    }

    /// <summary>
    /// The form of Agresti and Coull: p̃ ± z √(p̃ (1 − p̃) / ñ) with p̃ = (good + z²/2) / ñ and ñ = n + z².
    /// </summary>
    [Fact]
    public void With_two_grades_it_is_the_interval_of_Agresti_and_Coull() =>
        Gen.Select(Gen.Int[0, 500], Gen.Int[1, 500])
            .Sample(
                (good, bad) =>
                {
                    const double Z = 1.959963984540054;
                    var n = good + bad + Z * Z;
                    var p = (good + Z * Z / 2) / n;
                    var half = Z * Math.Sqrt(p * (1 - p) / n);
                    var score = WeightedMean.Of(
                        new(good, 0, 0, 0, bad),
                        Wuzhou with
                        {
                            VerySatisfied = 1,
                            Satisfied = 1,
                            BasicallySatisfied = 1,
                            Dissatisfied = 0,
                        }
                    );
                    return Math.Abs(score.Low - Math.Max(0, p - half)) < 1e-12
                        && Math.Abs(score.High - Math.Min(1, p + half)) < 1e-12;
                }
            );

    [Fact]
    public void The_interval_contains_the_mean_has_some_width_and_stays_between_the_weights() =>
        Counts.Sample(counts =>
        {
            var score = WeightedMean.Of(counts, Wuzhou);
            return score.Low >= 0
                && score.Low <= score.Mean + 1e-12
                && score.Mean <= score.High + 1e-12
                && score.High <= 10
                && score.High - score.Low > 0.01;
        });

    [Fact]
    public void A_mean_of_no_ratings_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightedMean.Of(default, Wuzhou));
}
