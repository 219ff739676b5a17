using CsCheck;
using ServiceEval.Core.Statistics;

namespace ServiceEval.Tests.Reports.Statistics;

public sealed class BandsTests
{
    private static readonly Gen<(int Key, Proportion Proportion)[]> Windows = Gen.Int[1, 300]
        .SelectMany(n => Gen.Int[n / 2, n].Select(good => new Proportion(good, n)))
        .Array[0, 7]
        .Select(windows => windows.Select((w, i) => (i, w)).ToArray());

    /// <summary>
    /// Chi-squared, computed separately: 1.33 for the first two, 5.77 for the last three, and 6.11 for the first three.
    /// 6.11 is slightly too high.
    /// </summary>
    [Fact]
    public void Windows_that_can_not_be_told_apart_share_a_band()
    {
        var bands = Bands.Of([
            ("d", new Proportion(80, 100)),
            ("a", new(98, 100)),
            ("e", new(78, 100)),
            ("b", new(95, 100)),
            ("c", new(90, 100)),
        ]);

        Assert.Equal(["a b", "c d e"], Text(bands));
        Assert.Equal([new(193, 200), new(248, 300)], bands.Select(b => b.Pooled));
    }

    /// <summary>
    /// Chi-squared, computed separately: 4.69 for the first two with one degree of freedom, 5.56 for all three with
    /// two.
    /// </summary>
    [Fact]
    public void A_band_may_hold_together_although_a_part_of_it_would_not()
    {
        Assert.Equal(["a", "b"], Text(Bands.Of([("a", new Proportion(45, 50)), ("b", new(75, 100))])));

        Assert.Equal(
            ["a b c"],
            Text(Bands.Of([("a", new Proportion(45, 50)), ("b", new(75, 100)), ("c", new(74, 100))]))
        );
    }

    /// <summary>
    /// a b c | d and a | b c d both have two bands. The second has the higher likelihood, computed separately.
    /// </summary>
    [Fact]
    public void Of_the_ways_with_the_fewest_bands_the_likeliest_is_taken() =>
        Assert.Equal(
            ["a", "b c d"],
            Text(Bands.Of([("a", new Proportion(49, 50)), ("b", new(45, 50)), ("c", new(43, 50)), ("d", new(82, 100))]))
        );

    /// <summary>
    /// There is one bad rating in 4,800. With a chance of more than a third it falls on a window with 30 ratings.
    /// </summary>
    [Fact]
    public void A_single_bad_rating_sets_no_window_apart() =>
        Assert.Single(
            Bands.Of([
                .. Enumerable.Range(0, 6).Select(i => (i, new Proportion(500, 500))),
                .. Enumerable.Range(6, 59).Select(i => (i, new Proportion(30, 30))),
                (65, new Proportion(29, 30)),
            ])
        );

    [Fact]
    public void Equals_are_ordered_by_n_and_then_as_they_were_given() =>
        Assert.Equal(
            ["d b a c"],
            Text(Bands.Of([("a", new Proportion(9, 10)), ("b", new(90, 100)), ("c", new(9, 10)), ("d", new(93, 100))]))
        );

    [Fact]
    public void Where_all_are_good_there_is_one_band_however_small_they_are()
    {
        Assert.Equal(["b a"], Text(Bands.Of([("a", new Proportion(1, 1)), ("b", new(5000, 5000))])));
        Assert.Equal(["a"], Text(Bands.Of([("a", new Proportion(0, 3))])));
        Assert.Empty(Bands.Of(Array.Empty<(string, Proportion)>()));
    }

    [Fact]
    public void A_window_without_ratings_has_no_band() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Bands.Of([("a", new Proportion(1, 1)), ("b", default)]));

    [Fact]
    public void No_other_way_to_divide_has_fewer_bands_or_as_many_and_more_likelihood() =>
        Windows.Sample(windows =>
        {
            var bands = Bands.Of(windows);
            var sorted = bands.SelectMany(b => b.Members).ToArray();
            var found = bands.Select(b => b.Members.Select(m => m.Proportion).ToArray()).ToList();
            Assert.Equal(
                windows.OrderByDescending(w => w.Proportion.Rate).ThenByDescending(w => w.Proportion.N),
                sorted
            );
            Assert.All(found, band => Assert.True(IsHomogeneous(band)));
            Assert.All(bands, band => Assert.Equal(band.Members.Sum(m => m.Proportion.Good), band.Pooled.Good));

            foreach (var other in Divisions([.. sorted.Select(w => w.Proportion)]).Where(d => d.All(IsHomogeneous)))
            {
                Assert.True(found.Count <= other.Count);
                if (found.Count == other.Count)
                    Assert.True(found.Sum(Likelihood) >= other.Sum(Likelihood) - 1e-9);
            }
        });

    [Fact]
    public void A_band_that_the_search_skips_would_not_be_homogeneous() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 400], Gen.Int[0, 100])
            .Sample(
                (many, size, apart) =>
                {
                    var draws = new Random(many * 40_009 + size * 101 + apart);
                    var rates = Enumerable.Range(0, many).Select(_ => 0.95 - apart / 100.0 * draws.NextDouble());
                    Proportion[] row =
                    [
                        .. rates
                            .Select(rate => Draw(draws, rate, 1 + draws.Next(size)))
                            .OrderByDescending(p => p.Rate)
                            .ThenByDescending(p => p.N),
                    ];
                    var sums = new BandSums(row);
                    for (var start = 0; start < row.Length; start++)
                    {
                        for (var end = start + 2; end <= row.Length; end++)
                        {
                            if (sums.Homogeneity(start, end) >= TwoProportions.Significance)
                                continue;
                            for (var skipped = sums.HopelessUntil(start, end); skipped > end; skipped--)
                                Assert.False(IsHomogeneous(row[start..skipped]));
                        }
                    }
                },
                iter: 300
            );

    private static Proportion Draw(Random draws, double rate, int n) =>
        new(Enumerable.Range(0, n).Count(_ => draws.NextDouble() < rate), n);

    private static IEnumerable<string> Text(IEnumerable<Band<string>> bands) =>
        bands.Select(b => string.Join(' ', b.Members.Select(m => m.Key)));

    /// <summary>Returns all 2^(m−1) divisions of a row, one for each set of gaps.</summary>
    private static IEnumerable<List<Proportion[]>> Divisions(Proportion[] row)
    {
        for (var gaps = 0; gaps < 1 << Math.Max(0, row.Length - 1); gaps++)
        {
            var cuts = Enumerable.Range(1, Math.Max(0, row.Length - 1)).Where(i => (gaps >> (i - 1) & 1) == 1);
            int[] ends = [0, .. cuts, row.Length];
            yield return [.. ends.Zip(ends.Skip(1), (start, end) => row[start..end]).Where(band => band.Length > 0)];
        }
    }

    /// <summary>The textbook formula: (observed − expected)² / expected over the cells of the 2×m table.</summary>
    private static bool IsHomogeneous(Proportion[] band)
    {
        var (good, n) = (band.Sum(p => p.Good), band.Sum(p => p.N));
        if (good == 0 || good == n || band.Length == 1)
            return true;
        var chiSquared = 0.0;
        foreach (var p in band)
        {
            var (expectedGood, expectedBad) = ((double)p.N * good / n, (double)p.N * (n - good) / n);
            chiSquared +=
                Math.Pow(p.Good - expectedGood, 2) / expectedGood
                + Math.Pow(p.N - p.Good - expectedBad, 2) / expectedBad;
        }
        return Tails.Homogeneity(chiSquared, new(good, n), band.Length, band.Sum(p => 1.0 / p.N)) >= 0.05;
    }

    private static double Likelihood(Proportion[] band)
    {
        var (good, n) = (band.Sum(p => p.Good), band.Sum(p => p.N));
        return Term(good) + Term(n - good);

        double Term(int count) => count == 0 ? 0 : count * Math.Log((double)count / n);
    }
}
