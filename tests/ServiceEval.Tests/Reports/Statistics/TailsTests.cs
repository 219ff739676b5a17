using ServiceEval.Core.Statistics;

namespace ServiceEval.Tests.Reports.Statistics;

public sealed class TailsTests
{
    /// <summary>Computed separately with mpmath at 30 digits. 1.96 is the textbook's 5 %.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.31731050786291)]
    [InlineData(-1.96, 0.049995790296441)]
    [InlineData(3, 0.0026997960632602)]
    [InlineData(5, 5.7330314375839e-7)]
    [InlineData(8, 1.2441921148544e-15)]
    public void The_normal_tail_is_that_of_the_tables(double z, double p) => Assert.Equal(1, Tails.Normal(z) / p, 1e-9);

    /// <summary>
    /// Critical values of the NIST/SEMATECH e-Handbook, 1.3.6.7.4, at 5 % and 0.1 %. Their tails and the last two rows
    /// were computed with mpmath.
    /// </summary>
    [Theory]
    [InlineData(3.841, 1, 0.050013683763957)]
    [InlineData(18.307, 10, 0.050000589091398)]
    [InlineData(124.342, 100, 0.050000715769972)]
    [InlineData(10.828, 1, 0.00099976571958309)]
    [InlineData(29.588, 10, 0.0010001119410635)]
    [InlineData(0.5, 7, 0.99944648139042)]
    [InlineData(250, 30, 1.5157414203687e-36)]
    public void The_chi_squared_tail_is_that_of_the_tables(double x, int freedom, double p) =>
        Assert.Equal(1, Tails.ChiSquared(x, freedom) / p, 1e-9);

    [Fact]
    public void The_chi_squared_tail_of_0_is_1()
    {
        Assert.Equal(1, Tails.ChiSquared(0, 0));
        Assert.Equal(1, Tails.ChiSquared(0, 12));
    }

    /// <summary>Compares with all tables of these margins, each with its hypergeometric probability.</summary>
    [Theory]
    [InlineData(4, 3, 4, 5)]
    [InlineData(1, 2, 2, 9)]
    [InlineData(7, 6, 6, 6)]
    [InlineData(3, 5, 11, 20)]
    public void Homogeneity_has_the_exact_mean_and_variance_of_all_tables(int bad, params int[] sizes)
    {
        var pooled = new Proportion(sizes.Sum() - bad, sizes.Sum());
        var tables = Tables(bad, sizes).ToList();
        Assert.Equal(1, tables.Sum(t => t.Chance), 1e-12);
        var mean = tables.Sum(t => t.Chance * t.ChiSquared);
        var variance = tables.Sum(t => t.Chance * Math.Pow(t.ChiSquared - mean, 2));

        foreach (var (_, chiSquared) in tables.Where(t => t.ChiSquared > 1e-9))
        {
            Assert.Equal(
                MathNet.Numerics.SpecialFunctions.GammaUpperRegularized(
                    mean * mean / variance,
                    chiSquared * mean / variance
                ),
                Tails.Homogeneity(chiSquared, pooled, sizes.Length, sizes.Sum(n => 1.0 / n)),
                1e-9
            );
        }
    }

    [Fact]
    public void With_many_ratings_homogeneity_is_chi_squared() =>
        Assert.Equal(
            Tails.ChiSquared(9.4877, 4),
            Tails.Homogeneity(9.4877, new(40_000, 50_000), 5, 5 / 10_000.0),
            1e-3
        );

    private static IEnumerable<(double Chance, double ChiSquared)> Tables(int bad, int[] sizes)
    {
        var n = sizes.Sum();
        return Splits(bad, sizes)
            .Select(split =>
            {
                var ways = split
                    .Zip(sizes, (b, size) => MathNet.Numerics.SpecialFunctions.Binomial(size, b))
                    .Aggregate(1.0, (product, w) => product * w);
                var share = (double)bad / n;
                return (
                    ways / MathNet.Numerics.SpecialFunctions.Binomial(n, bad),
                    split.Zip(sizes, (b, size) => Math.Pow(b - size * share, 2) / (size * share * (1 - share))).Sum()
                );
            });
    }

    private static IEnumerable<int[]> Splits(int bad, int[] sizes) =>
        sizes.Length == 0
            ? bad == 0
                ?
                [
                    [],
                ]
                : []
            : Enumerable
                .Range(0, Math.Min(bad, sizes[0]) + 1)
                .SelectMany(b => Splits(bad - b, sizes[1..]).Select(rest => (int[])[b, .. rest]));
}
