using Microsoft.Data.Sqlite;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Reports;

namespace ServiceEval.Data.Sqlite;

/// <summary>Reads the ledger for verification on connections that can't write.</summary>
public sealed class SqliteLedgerReader(string connectionString) : ILedgerReader
{
    // Small enough for a page to be garbage before the collector has moved it about, large enough to hide a page's opening.
    private const int PageSize = 2_000;

    private readonly ReadOnlyFile _file = new(connectionString);

    public Task<LedgerSnapshot> PinAsync(CancellationToken ct) => ReadAsync(PinnedLedger.Read, ct);

    public Task<long> LastSequenceAsync(CancellationToken ct) => ReadAsync(PinnedLedger.LastSequence, ct);

    public Task<IReadOnlyList<Stored<LedgerBlock>>> BlocksAfterAsync(long? sequence, CancellationToken ct) => ReadAsync<IReadOnlyList<Stored<LedgerBlock>>>(connection =>
    {
        using var rows = new SuspectRows(connection, $"""
            SELECT Sequence, Algorithm, Root, Count, CommittedAt, Hash FROM LedgerBlocks
            {(sequence is null ? "" : "WHERE Sequence > ?1")} ORDER BY Sequence LIMIT {PageSize}
            """);
        if (sequence is { } after) rows.Bind(after);
        var page = new List<Stored<LedgerBlock>>(PageSize);
        while (rows.Read())
        {
            page.Add(rows.Store(new LedgerBlock
            {
                Sequence = rows.Long(0),
                Algorithm = rows.Small(1),
                Root = rows.Hash(2),
                Count = rows.Number(3),
                CommittedAt = rows.Time(4),
                Hash = rows.Hash(5),
            }));
        }
        return page;
    }, ct);

    public Task<LedgerPage<Rating>> RatingsAfterAsync(byte[]? id, CancellationToken ct) => PageAsync(
        "Ratings", "Id", """
        Id, WindowId, DepartmentId, Tier, Channel, Standing, Grade, GivenAt, LocalDate, LocalHour, ReceivedAt, ReceiptHash, Leaf, Block, "Index"
        """,
        static row => Rating.Restore(
            row.Id(0), row.Number(1), row.Number(2), (Tier)row.Small(3), (Channel)row.Small(4), (Standing)row.Small(5), (Grade)row.Small(6),
            row.Time(7), row.Date(8), row.Small(9), row.Time(10), row.Hash(11), row.Hash(12), row.Long(13), row.Number(14)), id, ct);

    public Task<LedgerPage<Correction>> CorrectionsAfterAsync(byte[]? ratingId, CancellationToken ct) => PageAsync(
        "Corrections", "RatingId", "RatingId, ReplacedGrade, Grade, CorrectedAt, Leaf, Block, \"Index\"",
        static row => new Correction
        {
            RatingId = row.Id(0),
            ReplacedGrade = (Grade)row.Small(1),
            Grade = (Grade)row.Small(2),
            CorrectedAt = row.Time(3),
            Leaf = row.Hash(4),
            Block = row.Long(5),
            Index = row.Number(6),
        }, ratingId, ct);

    public Task<LedgerPage<RatingDetail>> DetailsAfterAsync(byte[]? ratingId, CancellationToken ct) => PageAsync(
        "RatingDetails", "RatingId", """
        RatingId, Grade, ItemId, DepartmentId, Tags, Comment, CommentSalt, CommentCommitment, GivenAt, Leaf, Block, "Index"
        """,
        static row => new RatingDetail
        {
            RatingId = row.Id(0),
            Grade = (Grade)row.Small(1),
            ItemId = row.Number(2),
            DepartmentId = row.Number(3),
            Tags = row.Text(4),
            Comment = row.OptionalText(5),
            CommentSalt = row.OptionalBlob(6, 16),
            CommentCommitment = row.OptionalBlob(7, 32),
            GivenAt = row.Time(8),
            Leaf = row.Hash(9),
            Block = row.Long(10),
            Index = row.Number(11),
        }, ratingId, ct);

    public Task ReadReportsAsync(Action<Stored<Report>> each, CancellationToken ct) => ReadAsync(connection =>
    {
        using var rows = new SuspectRows(connection,
            "SELECT Scope, Week, Version, DataHash, ContentHash, LedgerSequence, LedgerHash, CompiledAt, Json FROM Reports ORDER BY Scope, Week, Version");
        while (rows.Read())
        {
            ct.ThrowIfCancellationRequested();
            each(rows.Store(new Report
            {
                Scope = rows.Text(0),
                Week = rows.Text(1),
                Version = rows.Number(2),
                DataHash = rows.Hash(3),
                ContentHash = rows.Hash(4),
                LedgerSequence = rows.Long(5),
                LedgerHash = rows.Hash(6),
                CompiledAt = rows.Time(7),
                Json = rows.Text(8),
            }));
        }
        return true;
    }, ct);

    /// <summary>
    /// A page ends between two keys, and on a key of bytes: only those can be bound again exactly as they are. Keys of any
    /// other type sort before all bytes, so all of them are in the first page.
    /// </summary>
    private Task<LedgerPage<T>> PageAsync<T>(string table, string key, string columns, Func<SuspectRows, T> read, byte[]? after, CancellationToken ct) =>
        ReadAsync(connection =>
        {
            using var rows = new SuspectRows(connection, $"SELECT {columns} FROM {table} {(after is null ? "" : $"WHERE {key} > ?1")} ORDER BY {key}");
            if (after is not null) rows.Bind(after);
            var page = new List<Stored<T>>(PageSize);
            byte[]? last = null;
            while (rows.Read())
            {
                if (page.Count >= PageSize)
                {
                    var next = rows.Key(0);
                    if (last is not null && !last.AsSpan().SequenceEqual(next)) return new LedgerPage<T>(page, last);
                    last = next;
                }
                var row = read(rows);
                page.Add(rows.Store(row));
                if (page.Count == PageSize) last = rows.Key(0);
            }
            return new LedgerPage<T>(page, null);
        }, ct);

    // On another thread, because SQLite knows no asynchronous reads: so the next page is read while this one is hashed.
    private Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken ct) => Task.Run(() =>
    {
        try
        {
            using var connection = _file.Open();
            return read(connection);
        }
        catch (SqliteException e)
        {
            throw new LedgerUnreadableException(LedgerUnreadable.Damaged, e.Message, e);
        }
    }, ct);
}
