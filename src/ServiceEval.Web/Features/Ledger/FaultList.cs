namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Names the first thousand faults and counts the rest, so that a forged database cannot fill the memory or the disk.
/// </summary>
internal sealed class FaultList
{
    public const int Most = 1_000;

    private readonly List<Fault> _named = [];

    public IReadOnlyList<Fault> Named => _named;
    public long More { get; private set; }

    public void Add(Fault fault)
    {
        if (_named.Count < Most)
            _named.Add(fault);
        else
            More++;
    }

    public void AddRange(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
            Add(fault);
    }

    public void AddRange(FaultList other)
    {
        AddRange(other.Named);
        More += other.More;
    }

    /// <summary>Counts faults that cannot be named.</summary>
    public void Count(long more) => More += more;
}
