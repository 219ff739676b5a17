using System.Globalization;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>Compares the four tallies with the recount. A missing row counts as zero.</summary>
internal static class TallyComparison
{
    /// <param name="sums">The requested keys of the stored tallies.</param>
    public static IEnumerable<Fault> Compare(LedgerSnapshot stored, TallySums sums, TallyRecount recount) =>
        [
            .. stored.Odd.Named.Select(odd => new Fault(FaultKind.Tally, odd.Table, odd.Key, null, null)),
            .. Differences(
                "TalliesByHour",
                sums.Hours,
                recount.Sums.Hours,
                k => Key(k.LocalDate, k.LocalHour, k.WindowId, k.DepartmentId, k.Tier, k.Channel, k.Standing)
            ),
            .. Differences(
                "TalliesByItem",
                sums.Items,
                recount.Sums.Items,
                k => Key(k.LocalDate, k.WindowId, k.ItemId, k.DepartmentId, k.Tier, k.Standing)
            ),
            .. Differences(
                "TalliesByWindow",
                stored.Windows,
                recount.Windows,
                k => Key(k.WindowId, k.Tier, k.Standing)
            ),
            .. Differences(
                "TalliesByTag",
                sums.Tags,
                recount.Sums.Tags,
                k => Key(k.LocalDate, k.WindowId, k.TagCode, k.Standing)
            ),
        ];

    public static bool DifferInWindows(LedgerSnapshot stored, TallyRecount recount) =>
        stored
            .Windows.Keys.Union(recount.Windows.Keys)
            .Any(key => stored.Windows.GetValueOrDefault(key) != recount.Windows.GetValueOrDefault(key));

    private static IEnumerable<Fault> Differences<TKey, TCount>(
        string table,
        IReadOnlyDictionary<TKey, TCount> stored,
        IReadOnlyDictionary<TKey, TCount> recount,
        Func<TKey, string> name
    )
        where TKey : notnull
        where TCount : struct, IEquatable<TCount> =>
        stored
            .Keys.Union(recount.Keys)
            .Where(key => !stored.GetValueOrDefault(key).Equals(recount.GetValueOrDefault(key)))
            .Select(key => new Fault(FaultKind.Tally, table, name(key), null, null));

    private static string Key(params object[] parts) =>
        string.Join(
            '/',
            parts.Select(p =>
                p switch
                {
                    DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    Enum value => Convert
                        .ToInt32(value, CultureInfo.InvariantCulture)
                        .ToString(CultureInfo.InvariantCulture),
                    _ => Convert.ToString(p, CultureInfo.InvariantCulture),
                }
            )
        );
}
