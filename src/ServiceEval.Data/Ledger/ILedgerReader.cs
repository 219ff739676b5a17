using ServiceEval.Data.Ratings;
using ServiceEval.Data.Reports;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Data.Ledger;

/// <summary>
/// What verification reads, page by page in the order of the primary keys, each page in its own short read so that
/// checkpoints go on. It writes nothing, and no value that a hand with SQL can leave behind makes it throw.
/// </summary>
/// <exception cref="LedgerUnreadableException">From every method: there is nothing that could be judged.</exception>
public interface ILedgerReader
{
    /// <summary>More keys than any installation has.</summary>
    const int MostKeys = 10_000;

    /// <summary>
    /// Head, tallies and boards of one moment; entries after its last block are left to the next verification.
    /// </summary>
    /// <param name="tallies">Gets the tallies that grow with the history.</param>
    Task<LedgerSnapshot> PinAsync(TallySums tallies, CancellationToken ct);

    /// <summary>0 before the first block.</summary>
    Task<long> LastSequenceAsync(CancellationToken ct);

    /// <summary>From the first if <paramref name="sequence"/> is null; an empty page is the end.</summary>
    Task<IReadOnlyList<Stored<LedgerBlock>>> BlocksAfterAsync(long? sequence, CancellationToken ct);

    /// <summary>The keys that sign blocks, by their ids: one page, for they are few.</summary>
    /// <returns>The first <see cref="MostKeys"/>; <see cref="LedgerPage{T}.HasMore"/> if there are more.</returns>
    Task<LedgerPage<LedgerKey>> KeysAsync(CancellationToken ct);

    Task<LedgerPage<Rating>> RatingsAfterAsync(byte[]? id, CancellationToken ct);
    Task<LedgerPage<Correction>> CorrectionsAfterAsync(byte[]? ratingId, CancellationToken ct);

    /// <summary>No page ends between the details of one rating.</summary>
    Task<LedgerPage<RatingDetail>> DetailsAfterAsync(byte[]? ratingId, CancellationToken ct);

    /// <summary>One by one, for their JSON is large and they are few.</summary>
    Task ReadReportsAsync(Action<Stored<Report>> each, CancellationToken ct);

    /// <summary>Which reports went out by mail.</summary>
    Task ReadReportMailsAsync(Action<MailFound> each, CancellationToken ct);
}

/// <param name="Head">The head's one row; null if it is missing or illegible.</param>
/// <param name="OddHeads">Ids of rows beside it.</param>
/// <param name="LastSequence">Of the last block there is; 0 for none.</param>
/// <param name="Windows">The tally that does not grow with the history.</param>
/// <param name="Odd">Rows of tallies and boards that can't be read.</param>
/// <param name="ShowsMadeUpPast">The database is no demonstration's, and screens are set to show imports.</param>
public sealed record LedgerSnapshot(
    LedgerHead? Head,
    IReadOnlyList<string> OddHeads,
    long LastSequence,
    IReadOnlyDictionary<WindowKey, GradeCounts> Windows,
    OddRows Odd,
    BoardsFound Boards,
    DirectoryFound Directory,
    bool ShowsMadeUpPast
);

/// <summary>The ids of all windows, departments and items that there ever were: none is removed.</summary>
/// <param name="Halls">The code of each window's hall.</param>
public sealed record DirectoryFound(
    IReadOnlySet<int> Windows,
    IReadOnlySet<int> Departments,
    IReadOnlySet<int> Items,
    IReadOnlyDictionary<int, string> Halls
);

/// <param name="SentAt">Null if it is not sent.</param>
public sealed record MailFound(string Scope, string Week, int Version, DateTimeOffset? SentAt);

public enum LedgerUnreadable
{
    NotThere,
    OlderThanProgram,
    NewerThanProgram,

    /// <summary>No database, a damaged one, or without a table or column it should have.</summary>
    Damaged,

    /// <summary>The driver could not read a row. That says nothing about the ledger.</summary>
    DriverFailed,
}

public sealed class LedgerUnreadableException(LedgerUnreadable reason, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public LedgerUnreadable Reason => reason;
}
