namespace ServiceEval.Web.Features.Reports.Statistics;

/// <summary>
/// Bands instead of ranks: the fewest bands within each of which the differences are within chance. Two windows of
/// neighbouring bands need not differ.
/// </summary>
/// <remarks>
/// Within chance: Pearson's chi-squared test of homogeneity, as <see cref="Tails.Homogeneity"/> has it, does not reject
/// at 5 %.
/// </remarks>
public static class Bands
{
    /// <returns>From best to worst; of the ways with the fewest bands, the one with the highest binomial
    /// likelihood.</returns>
    /// <exception cref="ArgumentOutOfRangeException">One of them is nothing.</exception>
    public static IReadOnlyList<Band<TKey>> Of<TKey>(IReadOnlyList<(TKey Key, Proportion Proportion)> windows)
    {
        foreach (var (_, proportion) in windows)
            ArgumentOutOfRangeException.ThrowIfZero(proportion.N, nameof(windows));
        var sorted = windows.OrderByDescending(w => w.Proportion.Rate).ThenByDescending(w => w.Proportion.N).ToArray();
        var bands = new List<Band<TKey>>();
        foreach (var (start, end) in Partition([.. sorted.Select(w => w.Proportion)]))
        {
            var members = sorted[start..end];
            bands.Add(new(members, members.Aggregate(default(Proportion), (sum, w) => sum + w.Proportion)));
        }
        return bands;
    }

    /// <summary>
    /// Dynamic programming and not greed: a band may be homogeneous although the first part of it alone is not.
    /// </summary>
    private static IEnumerable<(int Start, int End)> Partition(Proportion[] sorted)
    {
        var sums = new BandSums(sorted);
        // best[end]: how the first windows up to there are divided best, and where their last band starts.
        var best = new (int Bands, double Likelihood, int Start)[sorted.Length + 1];
        Array.Fill(best, (int.MaxValue, 0, 0), 1, sorted.Length);
        for (var start = 0; start < sorted.Length; start++)
        {
            // A start that is reached with as many bands as the whole needs leads to no better way.
            if (best[start].Bands >= best[^1].Bands)
                continue;
            foreach (
                var (end, likelihood) in HomogeneousFrom(sums, start, isLast: best[start].Bands == best[^1].Bands - 1)
            )
            {
                var (bands, total) = (best[start].Bands + 1, best[start].Likelihood + likelihood);
                if (bands < best[end].Bands || (bands == best[end].Bands && total > best[end].Likelihood))
                    best[end] = (bands, total, start);
            }
        }
        var found = new Stack<(int Start, int End)>();
        for (var end = sorted.Length; end > 0; end = best[end].Start)
            found.Push((best[end].Start, end));
        return found;
    }

    /// <summary>Where a homogeneous band that starts here can end, with the logarithm of its likelihood.</summary>
    /// <param name="isLast">Only the band that ends with the row is of use.</param>
    private static IEnumerable<(int End, double Likelihood)> HomogeneousFrom(BandSums sums, int start, bool isLast)
    {
        for (var end = isLast ? sums.Count : start + 1; end <= sums.Count; end++)
        {
            if (sums.Homogeneity(start, end) >= TwoProportions.Significance)
                yield return (end, Likelihood(sums.Pooled(start, end)));
            else
                end = sums.HopelessUntil(start, end);
        }
    }

    /// <summary>
    /// Of one rate for the whole band; the binomial coefficients are the same for every way to divide.
    /// </summary>
    private static double Likelihood(Proportion pooled) =>
        pooled.IsUnanimous
            ? 0
            : pooled.Good * Math.Log(pooled.Rate) + (pooled.N - pooled.Good) * Math.Log(1 - pooled.Rate);
}

/// <param name="Members">By falling rate; those of one rate by falling n, then as they were given.</param>
/// <param name="Pooled">All of them together.</param>
public sealed record Band<TKey>(IReadOnlyList<(TKey Key, Proportion Proportion)> Members, Proportion Pooled);
