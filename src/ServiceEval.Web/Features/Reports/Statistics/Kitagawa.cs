namespace ServiceEval.Web.Features.Reports.Statistics;

/// <summary>
/// How much of a change of the overall rate is mix (other cells had more of the ratings) and how much is rate (cells
/// were rated otherwise): Kitagawa (1955), JASA 50:1168–1194.
/// </summary>
public static class Kitagawa
{
    /// <param name="cells">What the whole consists of; one without ratings in one period is all mix.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of the two periods is without any ratings.</exception>
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
            // Without the overall rate the sum is the same, but a cell that shrank would seem a loss however bad its
            // rate.
            var mix = (weightNow - weightBefore) * ((rateBefore + rateNow) / 2 - overall);
            return new(key, cellBefore, cellNow, mix, (rateNow - rateBefore) * (weightBefore + weightNow) / 2);
        }
    }
}

/// <summary>Parts of a change of rate, each −1 to 1.</summary>
/// <param name="Difference">Now less before; the sum of <paramref name="Mix"/> and <paramref name="Rate"/>.</param>
/// <param name="Cells">From the largest contribution, up or down, to the smallest.</param>
public sealed record MixAndRate<TKey>(
    double Difference,
    double Mix,
    double Rate,
    IReadOnlyList<MixAndRateCell<TKey>> Cells
);

/// <param name="Mix">Because it had more or fewer of all ratings; positive if a cell better than the whole grew or a
/// worse one shrank.</param>
/// <param name="Rate">Because it was rated otherwise.</param>
public sealed record MixAndRateCell<TKey>(TKey Key, Proportion Before, Proportion Now, double Mix, double Rate)
{
    public double Total => Mix + Rate;
}
