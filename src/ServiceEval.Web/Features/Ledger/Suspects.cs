namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// The blocks that a second reading must settle: their root is wrong, or a row differs from its committed entry. A
/// limited number of blocks is read again, and the rest is counted. The first of them fill the list of faults in any
/// case.
/// </summary>
internal sealed class Suspects
{
    private const int Most = 10_000;

    private readonly HashSet<long> _blocks = [];

    public IReadOnlySet<long> Blocks => _blocks;

    /// <summary>The number of further blocks.</summary>
    public long More { get; private set; }

    /// <summary>Whether rows claim to be in a block that does not exist.</summary>
    public bool HasStrays { get; set; }

    public bool Any => _blocks.Count > 0 || HasStrays;

    public void Add(long block)
    {
        if (_blocks.Count < Most)
            _blocks.Add(block);
        else if (!_blocks.Contains(block))
            More++;
    }
}
