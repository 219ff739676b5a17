namespace ServiceEval.Core.Statistics;

/// <summary>
/// Splits a change of the overall rate into mix (the cells' shares of the ratings changed) and rate (the cells' own
/// rates changed): Kitagawa (1955), JASA 50:1168–1194.
/// </summary>
public static class Kitagawa
{
    /// <param name="cells">The parts of the whole. The contribution of a cell without ratings in one period is all
    /// mix.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of the two periods has no ratings.</exception>
    public static MixAndRate<TKey> Decompose<TKey>(IReadOnlyList<(TKey Key, Proportion Before, Proportion Now)> cells)
    {
        var before = cells.Aggregate(default(Proportion), (sum, cell) => sum + cell.Before);
        var now = cells.Aggregate(default(Proportion), (sum, cell) => sum + cell.Now);
        ArgumentOutOfRangeException.ThrowIfZero(before.N, nameof(cells));
        ArgumentOutOfRangeException.ThrowIfZero(now.N, nameof(cells));
        var overall = (before.Rate + now.Rate) / 2;
        var parts = cells
            .Select(cell => Part(cell.Key, cell.Before, cell.Now))
            .OrderByDescending(part => Math.Abs(part.Total))
            .ToList();
        return new(now.Rate - before.Rate, parts.Sum(part => part.Mix), parts.Sum(part => part.Rate), parts);

        MixAndRateCell<TKey> Part(TKey key, Proportion cellBefore, Proportion cellNow)
        {
            if (cellBefore.N == 0 && cellNow.N == 0)
                return new(key, cellBefore, cellNow, 0, 0);
            var rateBefore = cellBefore.N == 0 ? cellNow.Rate : cellBefore.Rate;
            var rateNow = cellNow.N == 0 ? cellBefore.Rate : cellNow.Rate;
            var weightBefore = (double)cellBefore.N / before.N;
            var weightNow = (double)cellNow.N / now.N;
            // Without the overall rate, the sum would be the same. But a cell that shrank would then seem a loss,
            // however bad its rate is.
            var mix = (weightNow - weightBefore) * ((rateBefore + rateNow) / 2 - overall);
            return new(key, cellBefore, cellNow, mix, (rateNow - rateBefore) * (weightBefore + weightNow) / 2);
        }
    }
}

/// <summary>The parts of a change of a rate, each −1 to 1.</summary>
/// <param name="Difference">The rate now minus the rate before. It is the sum of <paramref name="Mix"/> and
/// <paramref name="Rate"/>.</param>
/// <param name="Cells">From the largest contribution, up or down, to the smallest.</param>
public sealed record MixAndRate<TKey>(
    double Difference,
    double Mix,
    double Rate,
    IReadOnlyList<MixAndRateCell<TKey>> Cells
);

/// <param name="Mix">The contribution that comes from a larger or smaller share of all ratings. It is positive if a
/// cell better than the whole grew, or if a worse cell shrank.</param>
/// <param name="Rate">The contribution that comes from a changed rate.</param>
public sealed record MixAndRateCell<TKey>(TKey Key, Proportion Before, Proportion Now, double Mix, double Rate)
{
    public double Total => Mix + Rate;
}
