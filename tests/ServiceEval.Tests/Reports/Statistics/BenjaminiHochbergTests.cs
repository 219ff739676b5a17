using CsCheck;
using ServiceEval.Core.Statistics;

namespace ServiceEval.Tests.Reports.Statistics;

public sealed class BenjaminiHochbergTests
{
    private static readonly Gen<double[]> Values = Gen.Select(Gen.Double[0, 1], Gen.Bool)
        .Select((p, isSmall) => isSmall ? p * p * p * p / 10 : p)
        .Array[0, 40];

    /// <summary>
    /// The example of Benjamini and Hochberg (1995), from the thrombolysis trial of Neuhaus and others. Four of its
    /// fifteen tests are discoveries. Bonferroni finds three.
    /// </summary>
    [Fact]
    public void The_worked_example_of_the_paper_comes_out()
    {
        double[] p =
        [
            0.0001,
            0.0004,
            0.0019,
            0.0095,
            0.0201,
            0.0278,
            0.0298,
            0.0344,
            0.0459,
            0.3240,
            0.4262,
            0.5719,
            0.6528,
            0.7590,
            1.0000,
        ];

        Assert.Equal(
            [.. Enumerable.Repeat(true, 4), .. Enumerable.Repeat(false, 11)],
            BenjaminiHochberg.Discoveries(p)
        );
    }

    [Fact]
    public void A_p_value_above_its_own_step_is_a_discovery_if_a_larger_one_is_within_its_step() =>
        Assert.Equal([true, false, true, true], BenjaminiHochberg.Discoveries([0.035, 0.9, 0.001, 0.03]));

    [Fact]
    public void A_single_test_is_judged_at_5_percent()
    {
        Assert.Equal([true], BenjaminiHochberg.Discoveries([0.05]));
        Assert.Equal([false], BenjaminiHochberg.Discoveries([0.0501]));
        Assert.Empty(BenjaminiHochberg.Discoveries([]));
    }

    [Fact]
    public void It_finds_all_that_Bonferroni_does_and_none_above_five_percent() =>
        Values.Sample(p =>
            BenjaminiHochberg
                .Discoveries(p)
                .Zip(p)
                .All(pair => pair.First ? pair.Second <= 0.05 : pair.Second > 0.05 / p.Length)
        );

    /// <summary>
    /// Applies the definition by counting: p is a discovery if there is a value q ≥ p among them so that the number of
    /// values up to q is at least q·m/5 %.
    /// </summary>
    [Fact]
    public void The_discoveries_match_the_definition_in_any_order() =>
        Values.Sample(p =>
            BenjaminiHochberg
                .Discoveries(p)
                .SequenceEqual(
                    p.Select(value => p.Any(q => q >= value && q <= p.Count(other => other <= q) * 0.05 / p.Length))
                )
        );

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void What_is_no_probability_is_refused(double p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BenjaminiHochberg.Discoveries([0.5, p]));
}
