using ServiceEval.Core.Reports;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// Reads the tables for verification, page by page in the order of the primary keys (keyset paging). Each page has its
/// own short read, so that checkpoints go on. The reader writes nothing. No value that a person has written with SQL
/// makes the reader throw.
/// </summary>
/// <exception cref="LedgerUnreadableException">From every method, if there is nothing that can be verified.</exception>
public interface ILedgerReader
{
    /// <summary>
    /// The maximum number of rows that are read of a small table, such as the keys. Every installation has fewer.
    /// </summary>
    const int MostOfSmallTable = 10_000;

    /// <summary>
    /// Reads the head, the tallies and the boards from one snapshot. The next verification reads the entries after the
    /// last block of the snapshot.
    /// </summary>
    /// <param name="tallies">Receives the tallies that grow with the history.</param>
    Task<LedgerSnapshot> PinAsync(TallySums tallies, CancellationToken ct);

    /// <summary>Returns the sequence of the last block; 0 before the first block.</summary>
    Task<long> LastSequenceAsync(CancellationToken ct);

    /// <summary>
    /// Reads a page of blocks. It begins with the first block if <paramref name="sequence"/> is null. An empty page is
    /// the end.
    /// </summary>
    Task<IReadOnlyList<Stored<LedgerBlock>>> BlocksAfterAsync(long? sequence, CancellationToken ct);

    /// <summary>
    /// Reads a page of entries of a kind that is about ratings, after the id of a rating. No page ends between two
    /// entries of one rating.
    /// </summary>
    Task<LedgerPage<TRow>> PageAsync<TRow>(EntryKind<TRow> kind, byte[]? ratingId, CancellationToken ct)
        where TRow : class, ILedgerEntry;

    /// <summary>Reads all entries of another kind as one page, because they are few.</summary>
    /// <returns>The first <see cref="MostOfSmallTable"/> entries. <see cref="LedgerPage{T}.HasMore"/> is true if there
    /// are more.</returns>
    Task<LedgerPage<TRow>> WholeTableAsync<TRow>(EntryKind<TRow> kind, CancellationToken ct)
        where TRow : class, ILedgerEntry;

    /// <summary>Reads the reports one by one, because their JSON is large and they are few.</summary>
    Task ReadReportsAsync(Action<Stored<Report>> each, CancellationToken ct);

    /// <summary>Reads the places of which reports are made.</summary>
    Task<PlacesFound> PlacesAsync(CancellationToken ct);

    /// <summary>Reads which reports were sent by mail.</summary>
    Task ReadReportMailsAsync(Action<MailFound> each, CancellationToken ct);
}

/// <param name="Head">The one row of the head; null if it is missing or illegible.</param>
/// <param name="OddHeads">The ids of other rows in the table of the head.</param>
/// <param name="LastSequence">The sequence of the last block; 0 if there is none.</param>
/// <param name="Windows">The tally by window. It does not grow with the history.</param>
/// <param name="Odd">The rows of tallies and boards that cannot be read.</param>
/// <param name="ShowsMadeUpPast">True if screens show imported ratings although the database is not a
/// demonstration.</param>
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

/// <summary>The ids of all windows, departments and items that ever existed. None of them is ever removed.</summary>
public sealed record DirectoryFound(IReadOnlySet<int> Windows, IReadOnlySet<int> Departments, IReadOnlySet<int> Items);

/// <param name="SentAt">The time at which the mail was sent; null if it was not sent.</param>
public sealed record MailFound(string Scope, string Week, int Version, DateTimeOffset? SentAt);

public enum LedgerUnreadable
{
    NotThere,
    OlderThanProgram,
    NewerThanProgram,

    /// <summary>The file is not a database, the database is damaged, or a table or column is missing.</summary>
    Damaged,

    /// <summary>The driver could not read a row. That says nothing about the ledger.</summary>
    DriverFailed,
}

public sealed class LedgerUnreadableException(LedgerUnreadable reason, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public LedgerUnreadable Reason => reason;
}
