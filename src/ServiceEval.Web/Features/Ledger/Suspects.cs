namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// The blocks that a second look has to settle: their root does not come out, or a row is not what it should be. So
/// many are looked at, and the rest counted; the first of them fill the list of faults anyway.
/// </summary>
internal sealed class Suspects
{
    private const int Most = 10_000;

    private readonly HashSet<long> _blocks = [];

    public IReadOnlySet<long> Blocks => _blocks;

    /// <summary>How many more.</summary>
    public long More { get; private set; }

    /// <summary>Rows say they are in a block that there is not.</summary>
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
