using CsCheck;
using ServiceEval.Core.Statistics;

namespace ServiceEval.Tests.Reports.Statistics;

public sealed class TwoProportionsTests
{
    private static readonly Gen<Proportion> Proportions = Gen.Int[1, 5000]
        .SelectMany(n => Gen.Int[0, n].Select(good => new Proportion(good, n)));

    /// <summary>
    /// The eight contrasts of Newcombe (1998), Table II, method 10. Newcombe's first sample is our present one.
    /// </summary>
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    [InlineData(6, 7, 2, 7, 0.0582, 0.8062)]
    [InlineData(5, 56, 0, 29, -0.0381, 0.1926)]
    [InlineData(0, 10, 0, 20, -0.1611, 0.2775)]
    [InlineData(0, 10, 0, 10, -0.2775, 0.2775)]
    [InlineData(10, 10, 0, 20, 0.6791, 1.0000)]
    [InlineData(10, 10, 0, 10, 0.6075, 1.0000)]
    public void Intervals_are_those_of_Newcombe(
        int goodNow,
        int now,
        int goodBefore,
        int before,
        double low,
        double high
    )
    {
        var change = TwoProportions.Compare(new(goodBefore, before), new(goodNow, now));

        Assert.Equal((double)goodNow / now - (double)goodBefore / before, change.Difference, 1e-12);
        Assert.Equal(low, change.Low, 4);
        Assert.Equal(high, change.High, 4);
    }

    /// <summary>Computed separately with mpmath.</summary>
    [Theory]
    [InlineData(48, 80, 56, 70, 0.008045081368, true)]
    [InlineData(0, 29, 5, 56, 0.09718656817, false)]
    [InlineData(196, 200, 188, 200, 0.04122683334, true)]
    [InlineData(0, 10, 10, 10, 7.744216431e-6, true)]
    public void The_test_has_the_pooled_rate(
        int goodBefore,
        int before,
        int goodNow,
        int now,
        double p,
        bool isBeyondNoise
    )
    {
        var change = TwoProportions.Compare(new(goodBefore, before), new(goodNow, now));

        Assert.Equal(1, change.P / p, 1e-8);
        Assert.Equal(isBeyondNoise, change.IsBeyondNoise);
    }

    [Theory]
    [InlineData(0, 40, 0, 700)]
    [InlineData(40, 40, 700, 700)]
    public void Where_all_are_good_or_none_is_nothing_changed(int goodBefore, int before, int goodNow, int now)
    {
        var change = TwoProportions.Compare(new(goodBefore, before), new(goodNow, now));

        Assert.Equal((0, 1, false), (change.Difference, change.P, change.IsBeyondNoise));
        Assert.True(change.Low < 0 && change.High > 0);
    }

    [Fact]
    public void Exchanging_before_and_now_only_reverses_the_sign_of_the_change() =>
        Gen.Select(Proportions, Proportions)
            .Sample(
                (before, now) =>
                {
                    var (there, back) = (TwoProportions.Compare(before, now), TwoProportions.Compare(now, before));
                    return there.Difference == -back.Difference
                        && there.Low == -back.High
                        && there.High == -back.Low
                        && Math.Abs(there.P - back.P) < 1e-12;
                }
            );

    [Fact]
    public void The_interval_contains_the_difference_and_stays_between_minus_1_and_1() =>
        Gen.Select(Proportions, Proportions)
            .Sample(
                (before, now) =>
                {
                    var change = TwoProportions.Compare(before, now);
                    return change.Low <= change.Difference
                        && change.Difference <= change.High
                        && change.Low >= -1 - 1e-12
                        && change.High <= 1 + 1e-12
                        && change.P is >= 0 and <= 1;
                }
            );

    [Fact]
    public void Impossible_proportions_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoProportions.Compare(default, new(1, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoProportions.Compare(new(1, 2), default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(-1, 2));
    }
}
