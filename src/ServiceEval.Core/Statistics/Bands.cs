namespace ServiceEval.Core.Statistics;

/// <summary>
/// Divides windows into bands instead of ranks: the fewest bands for which the differences within each band are within
/// chance. Two windows of neighbouring bands need not differ.
/// </summary>
/// <remarks>
/// Within chance means that Pearson's chi-squared test of homogeneity, as in <see cref="Tails.Homogeneity"/>, does not
/// reject at 5 %.
/// </remarks>
public static class Bands
{
    /// <returns>The bands from best to worst. If several divisions have the fewest bands, this is the division with the
    /// highest binomial likelihood.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A window has no ratings.</exception>
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
    /// Divides the row by dynamic programming. A greedy algorithm would fail, because a band may be homogeneous
    /// although its first part alone is not.
    /// </summary>
    private static IEnumerable<(int Start, int End)> Partition(Proportion[] sorted)
    {
        var sums = new BandSums(sorted);
        // best[end] is the best division of the windows before this end, and the start of its last band.
        var best = new (int Bands, double Likelihood, int Start)[sorted.Length + 1];
        Array.Fill(best, (int.MaxValue, 0, 0), 1, sorted.Length);
        for (var start = 0; start < sorted.Length; start++)
        {
            // A start that already needs as many bands as the best complete division cannot lead to a better division.
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

    /// <summary>
    /// Returns the ends of the homogeneous bands that begin at this start, each with the logarithm of its likelihood.
    /// </summary>
    /// <param name="isLast">True if only a band that ends with the row is useful.</param>
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
    /// Returns the logarithm of the likelihood of one rate for the whole band. The binomial coefficients are left out,
    /// because they are the same for every division.
    /// </summary>
    private static double Likelihood(Proportion pooled) =>
        pooled.IsUnanimous
            ? 0
            : pooled.Good * Math.Log(pooled.Rate) + (pooled.N - pooled.Good) * Math.Log(1 - pooled.Rate);
}

/// <param name="Members">Sorted by falling rate, then by falling n, then in the given order.</param>
/// <param name="Pooled">All members together.</param>
public sealed record Band<TKey>(IReadOnlyList<(TKey Key, Proportion Proportion)> Members, Proportion Pooled);
