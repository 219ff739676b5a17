using CsCheck;
using ServiceEval.Core.Statistics;

namespace ServiceEval.Tests.Reports.Statistics;

public sealed class KitagawaTests
{
    private static readonly Gen<Proportion> Proportions = Gen.Int[0, 500]
        .SelectMany(n => Gen.Int[0, n].Select(good => new Proportion(good, n)));

    private static readonly Gen<(int Key, Proportion Before, Proportion Now)[]> Cells = Gen.Select(
            Proportions,
            Proportions
        )
        .Array[1, 12]
        .Where(cells => cells.Any(c => c.Item1.N > 0) && cells.Any(c => c.Item2.N > 0))
        .Select(cells => cells.Select((c, i) => (i, c.Item1, c.Item2)).ToArray());

    /// <summary>Computed by hand in fractions: 245 + 20 good of 400 before, 276 of 300 now.</summary>
    [Fact]
    public void The_parts_are_those_worked_out_by_hand()
    {
        var change = Kitagawa.Decompose([
            ("hard", new Proportion(150, 200), new Proportion(80, 100)),
            ("easy", new(95, 100), new(196, 200)),
            ("gone", new(20, 100), default),
        ]);

        Assert.Equal(103 / 400.0, change.Difference, 1e-12);
        Assert.Equal(["gone", "easy", "hard"], change.Cells.Select(c => c.Key));
        double[] mix = [473 / 3200.0, 139 / 1920.0, 13 / 4800.0];
        double[] rate = [0, 11 / 800.0, 1 / 48.0];
        Assert.Equal(mix, change.Cells.Select(c => c.Mix), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(rate, change.Cells.Select(c => c.Rate), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void The_total_may_fall_because_of_the_mix_although_each_part_rose()
    {
        var change = Kitagawa.Decompose([
            ("easy", new Proportion(180, 200), new Proportion(19, 20)),
            ("hard", new(10, 20), new(120, 200)),
        ]);

        Assert.True(change.Difference < 0 && change.Mix < change.Difference && change.Rate > 0);
    }

    [Fact]
    public void A_new_cell_contributes_only_to_the_mix()
    {
        var change = Kitagawa.Decompose([
            ("old", new Proportion(90, 100), new Proportion(90, 100)),
            ("new", default, new(40, 100)),
        ]);

        Assert.Equal((0, -0.25), (change.Rate, Math.Round(change.Mix, 12)));
        Assert.True(change.Cells.Single(c => c.Key == "new").Mix < 0);
    }

    [Fact]
    public void Cells_that_contribute_alike_stay_in_the_order_given()
    {
        var same = new Proportion(8, 10);

        var change = Kitagawa.Decompose([
            ("c", same, same),
            ("a", default, default),
            ("b", same, same),
            ("d", same, new(9, 10)),
        ]);

        Assert.Equal(["d", "c", "a", "b"], change.Cells.Select(c => c.Key));
    }

    [Fact]
    public void Mix_and_rate_make_the_difference_and_the_cells_make_both() =>
        Cells.Sample(cells =>
        {
            var change = Kitagawa.Decompose(cells);
            var totals = change.Cells.Select(c => Math.Abs(c.Total)).ToList();
            return Math.Abs(change.Mix + change.Rate - change.Difference) < 1e-9
                && Math.Abs(change.Cells.Sum(c => c.Mix) - change.Mix) < 1e-9
                && Math.Abs(change.Cells.Sum(c => c.Rate) - change.Rate) < 1e-9
                && totals.SequenceEqual(totals.OrderDescending());
        });

    [Fact]
    public void With_equal_shares_all_change_is_rate_and_with_equal_rates_all_change_is_mix() =>
        Gen.Select(Gen.Int[1, 500].Array[1, 12], Gen.Int[1, 500].Array[12], Gen.Double[0, 1].Array[12])
            .Sample(
                (sizes, others, shares) =>
                {
                    int Good(int i, int n) => (int)(n * shares[i]);
                    var sameShares = sizes
                        .Select(
                            (n, i) =>
                                (i, new Proportion(Good(i, n), n), new Proportion(Good(i, others[i]) % (n + 1), n))
                        )
                        .ToArray();
                    var sameRates = sizes
                        .Select(
                            (n, i) =>
                                (
                                    i,
                                    new Proportion(Good(i, n), n),
                                    new Proportion(Good(i, n) * others[i], n * others[i])
                                )
                        )
                        .ToArray();
                    return Math.Abs(Kitagawa.Decompose(sameShares).Mix) < 1e-9
                        && Math.Abs(Kitagawa.Decompose(sameRates).Rate) < 1e-9;
                }
            );

    [Fact]
    public void A_period_without_ratings_can_not_be_decomposed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Kitagawa.Decompose([("a", default, new Proportion(1, 1))]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Kitagawa.Decompose([("a", new Proportion(1, 1), default)]));
    }
}
