namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// The linear combinations of published sums. An attacker may add and subtract published figures in any way. Each
/// result is a sum over some groups of ratings. A sum may be published only if no combination contains fewer than
/// <paramref name="least"/> ratings.
/// </summary>
/// <remarks>
/// A new combination is the new sum plus some published sums. Gauss–Jordan elimination removes the pivots' groups from
/// the new sum. If a combination of few ratings contains no pivot, it is the remainder. If it contains one or two
/// pivots, it is the remainder plus or minus the rows of these pivots. Several eliminations use different pivots, so
/// one elimination finds a combination that another misses (information set decoding in coding theory). The larger the
/// system, the fewer eliminations and rows are searched, because time is limited.
/// </remarks>
/// <param name="sizes">The number of ratings in each group.</param>
internal sealed class LinearCombinations(IReadOnlyList<int> sizes, int least)
{
    private const int MostEliminations = 16;
    private const int GroupsAndEliminations = 12_000;
    private const int GroupsForTwoRows = 150;
    private const int GroupsForOneRow = 4000;

    private readonly Elimination[] _eliminations =
    [
        .. Enumerable
            .Range(1, Math.Clamp(GroupsAndEliminations / Math.Max(sizes.Count, 1), 3, MostEliminations))
            .Select(salt => new Elimination(sizes, least, salt)),
    ];

    private readonly int _depth =
        sizes.Count <= GroupsForTwoRows ? 2
        : sizes.Count <= GroupsForOneRow ? 1
        : 0;

    /// <summary>
    /// Returns the remainder of the sum over these groups in each elimination. Returns null if a combination would
    /// contain too few ratings.
    /// </summary>
    public IReadOnlyList<Remainder>? Check(IReadOnlyList<int> groups)
    {
        var rests = Array.ConvertAll(_eliminations, e => e.Reduce(groups));
        return _eliminations.Zip(rests).Any(p => p.First.IsLight(p.Second, _depth)) ? null : rests;
    }

    /// <summary>Publishes the sum.</summary>
    public void Add(IReadOnlyList<Remainder> rests)
    {
        foreach (var (elimination, rest) in _eliminations.Zip(rests))
            elimination.Add(rest);
    }

    /// <summary>Publishes a sum that was published before, even if it discloses too few ratings.</summary>
    public void Add(IReadOnlyList<int> groups) => Add(Array.ConvertAll(_eliminations, e => e.Reduce(groups)));
}
