using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

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
        if (entry.Row is Rating rating)
        {
            _isReceiptGiven |= entry.ReceiptFits == true;
            _isReceiptForeign |= entry.ReceiptFits == false;
            Judge(
                entry,
                rating,
                EntryRules.OfRatings,
                new EntryCase(
                    place.Block,
                    place.MayBearEarlierTime,
                    rating,
                    group.Correction,
                    entry.ReceiptFits,
                    directory
                )
            );
            return;
        }
        if (!group.BelongsToRating(entry))
        {
            if (entry.Row is Correction or RatingDetail)
                NoteOrphan(entry);
            return;
        }
        if (group.RatingEntry!.Value.Altered)
            return;
        var context = new EntryCase(
            place.Block,
            place.MayBearEarlierTime,
            group.Rating!,
            group.Correction,
            null,
            directory
        );
        if (entry.Row is Correction correction)
        {
            Judge(entry, correction, EntryRules.OfCorrections, context);
            if (!ReferenceEquals(correction, group.Correction))
                Add(Laws.CorrectedOnce, entry);
        }
        else if (entry.Row is RatingDetail detail)
        {
            Judge(entry, detail, EntryRules.OfDetails, context);
        }
    }

    private void Judge<T>(in Entry entry, T row, IReadOnlyList<EntryRule<T>> rules, EntryCase context)
    {
        foreach (var rule in rules)
            if (!rule.Keeps(row, context))
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
