using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>Checks entries that are unchanged since their commit against the rules.</summary>
internal sealed class EntryJudge(DirectoryFound directory)
{
    private readonly HashSet<Fault> _faults = [];
    private bool _isReceiptGiven;
    private bool _isReceiptForeign;

    public IEnumerable<Fault> Faults => _faults;

    /// <summary>The number of further faults.</summary>
    public long More { get; private set; }

    /// <summary>The ids of ratings that do not exist although entries were appended to them.</summary>
    public HashSet<Guid> Orphans { get; } = [];

    /// <summary>
    /// The faults of these appended entries. They were appended to nothing, unless their ratings were removed.
    /// </summary>
    public HashSet<Fault> OfOrphans { get; } = [];

    /// <summary>
    /// The fault that the available ticket keys give none of the receipts; null if there is no such fault.
    /// </summary>
    public Fault? ForeignTicketKeys =>
        _isReceiptForeign && !_isReceiptGiven ? Laws.TicketKeys.Fault("TicketKeys", null) : null;

    public void Judge(in Entry entry, EntryGroup group, PlacedIn place)
    {
        if (entry.Kind == EntryKind.Rating)
        {
            _isReceiptGiven |= entry.ReceiptFits == true;
            _isReceiptForeign |= entry.ReceiptFits == false;
        }
        else if (!group.BelongsToRating(entry))
        {
            if (entry.Kind.IsOfRating)
                NoteOrphan(entry);
            return;
        }
        else if (group.RatingEntry!.Value.Altered)
        {
            return;
        }
        var context = new EntryCase(
            place.Block,
            place.MayBearEarlierTime,
            group.Rating!,
            group.Correction,
            entry.ReceiptFits,
            directory
        );
        foreach (var rule in EntryRules.Of(entry.Kind))
            if (!rule.IsKept(entry.Row, context))
                Add(rule.Law, entry);
    }

    private void NoteOrphan(in Entry entry)
    {
        if (OfOrphans.Count >= FaultList.Most)
            return;
        Orphans.Add(entry.Key);
        OfOrphans.Add(FaultOf(Laws.RatingExists, entry));
    }

    private void Add(Law law, in Entry entry)
    {
        if (_faults.Count < FaultList.Most)
            _faults.Add(FaultOf(law, entry));
        else
            More++;
    }

    private static Fault FaultOf(Law law, in Entry entry) =>
        law.Fault(entry.Table, entry.Id, entry.Row.Block, entry.Row.Index);
}
