namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// The linear combinations of published sums. An attacker may add and subtract published figures at will; each result
/// is a sum over some groups of ratings. A sum may join the others only while no combination speaks of fewer than
/// <paramref name="least"/> ratings.
/// </summary>
/// <remarks>
/// A new combination is the new sum plus some published ones. Gauss–Jordan elimination leaves the new sum without the
/// pivots' groups, so that a combination of few ratings is what is left if no pivot is among them. Where one or two
/// pivots may be among them, it is what is left plus or minus the rows of these. Several eliminations draw other
/// pivots: what one misses another finds (the theory of codes calls it information set decoding). The larger the
/// system, the fewer eliminations and rows there is time for.
/// </remarks>
/// <param name="sizes">How many ratings each group has.</param>
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
    /// What the sum over these groups leaves in each elimination; null if a combination would speak of too few ratings.
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

    /// <summary>Publishes what was published already, whatever it gives away.</summary>
    public void Add(IReadOnlyList<int> groups) => Add(Array.ConvertAll(_eliminations, e => e.Reduce(groups)));
}
