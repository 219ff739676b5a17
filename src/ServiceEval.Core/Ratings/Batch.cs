using ServiceEval.Core.Ledger;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Ratings;

/// <summary>
/// Decides one group commit, in the same way on every database. A provider locks the ledger head and loads the states
/// of the ratings in the requests. Then the batch decides, and the provider writes the result.
/// </summary>
public sealed class Batch(
    LedgerHead head,
    Authorship authorship,
    IReadOnlyDictionary<Guid, RatingState> stored,
    DateTimeOffset now
)
{
    private readonly Dictionary<Guid, RatingState> _states = new(stored);
    private readonly List<ILedgerEntry> _entries = [];
    private readonly List<DeviceMark> _marks = [];

    public IReadOnlyList<DeviceMark> Marks => _marks;

    /// <summary>All keys of the ledger after this commit.</summary>
    public IReadOnlyList<LedgerKey> AllKeys => authorship.Keys;

    public TallyChanges Tallies { get; } = new();

    /// <summary>The new block; null if nothing was appended.</summary>
    public LedgerBlock? Block { get; private set; }

    /// <summary>Decides every request in order. If an entry was appended, seals and signs the block.</summary>
    /// <exception cref="NotStoredException">An entry was appended, but this process has no key to sign it.</exception>
    public LogOutcome[] Decide(IReadOnlyList<LogRequest> requests)
    {
        var outcomes = new LogOutcome[requests.Count];
        for (var i = 0; i < requests.Count; i++)
            outcomes[i] = requests[i].DecideIn(this);
        if (_entries.Count == 0)
            return outcomes;
        Add(authorship.Introduce(now));
        var leaves = _entries.ConvertAll(entry => entry.Leaf);
        Block = authorship.Sign(LedgerBlock.Seal(head, leaves, CommitTime.After(head.CommittedAt, now)));
        return outcomes;
    }

    /// <summary>Returns the appended entries of one kind, in their order.</summary>
    public IReadOnlyList<TRow> EntriesOf<TRow>()
        where TRow : ILedgerEntry => [.. _entries.OfType<TRow>()];

    /// <summary>Appends an entry, whatever its kind. The caller has decided that it is lawful.</summary>
    internal void Append(ILedgerEntry entry)
    {
        entry.Block = head.Sequence + 1;
        entry.Index = _entries.Count;
        _entries.Add(entry);
    }

    /// <summary>Returns the state of a rating after the decisions; null if the rating is unknown.</summary>
    public RatingState? StateOf(Guid ratingId) => _states.GetValueOrDefault(ratingId);

    /// <summary>
    /// Returns the answer for the callers of the commit. It may be given to them only after the commit is durable.
    /// </summary>
    /// <param name="outcomes">The outcomes that <see cref="Decide"/> returned.</param>
    /// <param name="hashOf">Returns the hash of an earlier block by its sequence; null if there is no such block. It is
    /// called only for ratings in an earlier block.</param>
    /// <exception cref="InvalidDataException">The block that a rating names does not exist.</exception>
    public CommitResult Answer(
        IReadOnlyList<LogRequest> requests,
        IReadOnlyList<LogOutcome> outcomes,
        Func<long, byte[]?> hashOf
    )
    {
        var results = new LogResult[requests.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = StateOf(requests[i].RatingId) is { } state
                ? new(outcomes[i], state.Grade, BlockOf(state.Rating, hashOf))
                : new(outcomes[i], default, default);
        return new CommitResult(
            results,
            Block is null ? null : new BlockReference(Block.Sequence, Block.Hash),
            [.. Tallies.Windows.Keys.Select(k => k.WindowId).Distinct()]
        );
    }

    private BlockReference BlockOf(Rating rating, Func<long, byte[]?> hashOf)
    {
        var hash = rating.Block == Block?.Sequence ? Block.Hash : hashOf(rating.Block);
        return new(
            rating.Block,
            hash ?? throw new InvalidDataException($"Ledger block {rating.Block} is missing. Run `serviceeval verify`.")
        );
    }

    internal LogOutcome Take(GiveRating give)
    {
        if (_states.ContainsKey(give.RatingId))
            return LogOutcome.Replay;
        AppendRating(give.Rating, give.Detail);
        if (give.Device is { } device)
            _marks.Add(
                new DeviceMark
                {
                    LocalDate = give.Rating.LocalDate,
                    WindowId = give.Rating.WindowId,
                    Device = device,
                    RatingId = give.RatingId,
                }
            );
        return LogOutcome.Stored;
    }

    internal LogOutcome Take(ImportRating import)
    {
        if (_states.TryGetValue(import.RatingId, out var state))
            return state.SaysTheSameAs(import.Rating, import.Detail) ? LogOutcome.Replay : LogOutcome.Changed;
        AppendRating(import.Rating, import.Detail);
        return LogOutcome.Stored;
    }

    internal LogOutcome Take(GiveCorrection request)
    {
        if (!_states.TryGetValue(request.RatingId, out var state))
            return LogOutcome.RatingUnknown;
        // If the grade is in force already, no entry is needed, and the one chance to correct must not be used up.
        if (state.Grade == request.Grade)
            return LogOutcome.Replay;
        if (!state.CanBeCorrected(request.At))
            return LogOutcome.CorrectionClosed;

        var correction = Correction.Of(state.Rating, request.Grade, request.At);
        Append(correction);
        Tallies.Correct(state.Rating, correction, state.Detail);
        state.Correction = correction;
        return LogOutcome.Stored;
    }

    internal LogOutcome Take(GiveDetail give)
    {
        var detail = give.Detail;
        if (!_states.TryGetValue(detail.RatingId, out var state))
            return LogOutcome.RatingUnknown;
        if (state.DetailOf(detail.Grade) is { } present)
            return present.SaysTheSameAs(detail) ? LogOutcome.Replay : LogOutcome.DetailsPresent;
        if (state.Grade != detail.Grade)
            return LogOutcome.GradeReplaced;
        // The replay is checked before the deadline, so that the same details sent again get the same answer.
        if (detail.GivenAt >= give.Until)
            return LogOutcome.DetailsClosed;
        AppendDetail(state, detail);
        return LogOutcome.Stored;
    }

    internal LogOutcome Take(AdmitKey request)
    {
        // The first key of a ledger signs the block that admits other keys, so its entry comes first.
        var added = request.Renews
            ? Add(authorship.Renew(now))
            : Add(authorship.Introduce(now)) | Add(authorship.Admit(request, now));
        return added ? LogOutcome.Stored : LogOutcome.Replay;
    }

    private bool Add(LedgerKey? key)
    {
        if (key is null)
            return false;
        Append(key);
        return true;
    }

    private void AppendRating(Rating rating, RatingDetail? detail)
    {
        var state = new RatingState(rating);
        _states.Add(rating.Id, state);
        Append(rating);
        Tallies.Add(rating);
        if (detail is not null)
            AppendDetail(state, detail);
    }

    private void AppendDetail(RatingState state, RatingDetail detail)
    {
        Append(detail);
        Tallies.Add(state.Rating, detail);
        state.Add(detail);
    }
}
