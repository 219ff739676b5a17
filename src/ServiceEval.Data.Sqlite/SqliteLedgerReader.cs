using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Data.Sqlite;

/// <summary>Reads the ledger for verification; never takes the write lock.</summary>
public sealed class SqliteLedgerReader(string connectionString) : ILedgerReader
{
    private const int PageSize = 20_000;

    private readonly string _connectionString = SqliteOptions.Complete(connectionString);

    public Task<LedgerSnapshot> PinAsync(CancellationToken ct) => new SqliteSnapshots(_connectionString).ReadAsync(async (db, token) =>
        new LedgerSnapshot(
            await db.LedgerHead.AsNoTracking().SingleOrDefaultAsync(token),
            await db.LedgerBlocks.MaxAsync(b => (long?)b.Sequence, token) ?? 0,
            await db.TalliesByHour.AsNoTracking().ToDictionaryAsync(
                t => new HourKey(t.LocalDate, t.LocalHour, t.WindowId, t.DepartmentId, t.Tier, t.Channel, t.Standing), t => t.Counts, token),
            await db.TalliesByItem.AsNoTracking().ToDictionaryAsync(
                t => new ItemKey(t.LocalDate, t.ItemId, t.DepartmentId, t.Tier, t.Standing), t => t.Counts, token),
            await db.TalliesByWindow.AsNoTracking().ToDictionaryAsync(t => new WindowKey(t.WindowId, t.Tier, t.Standing), t => t.Counts, token),
            await db.TalliesByTag.AsNoTracking().ToDictionaryAsync(t => new TagKey(t.LocalDate, t.WindowId, t.TagCode, t.Standing), t => t.Count, token)), ct);

    public async Task<long> LastSequenceAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var query = new SqliteCommand("SELECT COALESCE(MAX(Sequence), 0) FROM LedgerBlocks", connection);
        return (long)(await query.ExecuteScalarAsync(ct))!;
    }

    public Task<IReadOnlyList<LedgerBlock>> BlocksAfterAsync(long sequence, CancellationToken ct) => PageAsync(
        "SELECT Sequence, Algorithm, Root, Count, CommittedAt, Hash FROM LedgerBlocks WHERE Sequence > ?1 ORDER BY Sequence",
        static row => new LedgerBlock
        {
            Sequence = row.GetInt64(0),
            Algorithm = row.Small(1),
            Root = row.Blob(2, 32),
            Count = row.Number(3),
            CommittedAt = row.Time(4),
            Hash = row.Blob(5, 32),
        }, ct, sequence);

    public Task<IReadOnlyList<Rating>> RatingsAfterAsync(Guid? id, CancellationToken ct) => PageAsync(
        """
        SELECT Id, WindowId, DepartmentId, Tier, Channel, Standing, Grade, GivenAt, LocalDate, LocalHour, ReceivedAt, ReceiptHash, Leaf, Block, "Index"
        FROM Ratings WHERE Id > ?1 ORDER BY Id
        """,
        static row => Rating.Restore(
            row.Id(0), row.Number(1), row.Number(2), (Tier)row.Small(3), (Channel)row.Small(4), (Standing)row.Small(5), (Grade)row.Small(6),
            row.Time(7), row.Date(8), row.Small(9), row.Time(10), row.Blob(11, 32), row.Blob(12, 32), row.GetInt64(13), row.Number(14)), ct, Key(id));

    public Task<IReadOnlyList<Correction>> CorrectionsAfterAsync(Guid? ratingId, CancellationToken ct) => PageAsync(
        """SELECT RatingId, ReplacedGrade, Grade, CorrectedAt, Leaf, Block, "Index" FROM Corrections WHERE RatingId > ?1 ORDER BY RatingId""",
        static row => new Correction
        {
            RatingId = row.Id(0),
            ReplacedGrade = (Grade)row.Small(1),
            Grade = (Grade)row.Small(2),
            CorrectedAt = row.Time(3),
            Leaf = row.Blob(4, 32),
            Block = row.GetInt64(5),
            Index = row.Number(6),
        }, ct, Key(ratingId));

    public Task<IReadOnlyList<RatingDetail>> DetailsAfterAsync(Guid? ratingId, Grade grade, CancellationToken ct) => PageAsync(
        """
        SELECT RatingId, Grade, ItemId, DepartmentId, Tags, Comment, CommentSalt, CommentCommitment, GivenAt, Leaf, Block, "Index"
        FROM RatingDetails WHERE (RatingId, Grade) > (?1, ?2) ORDER BY RatingId, Grade
        """,
        static row => new RatingDetail
        {
            RatingId = row.Id(0),
            Grade = (Grade)row.Small(1),
            ItemId = row.Number(2),
            DepartmentId = row.Number(3),
            Tags = row.GetString(4),
            Comment = row.IsDBNull(5) ? null : row.GetString(5),
            CommentSalt = row.IsDBNull(6) ? null : row.Blob(6, 16),
            CommentCommitment = row.IsDBNull(7) ? null : row.Blob(7, 32),
            GivenAt = row.Time(8),
            Leaf = row.Blob(9, 32),
            Block = row.GetInt64(10),
            Index = row.Number(11),
        }, ct, Key(ratingId), (int)grade);

    private static byte[] Key(Guid? id) => id?.ToByteArray(bigEndian: true) ?? [];

    private async Task<SqliteConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    private async Task<IReadOnlyList<T>> PageAsync<T>(string sql, Func<SqliteDataReader, T> read, CancellationToken ct, params object[] after)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"{sql} LIMIT {PageSize}";
        for (var i = 0; i < after.Length; i++) command.Parameters.AddWithValue($"?{i + 1}", after[i]);
        await using var row = await command.ExecuteReaderAsync(ct);
        var page = new List<T>();
        while (row.Read()) page.Add(read(row));
        ct.ThrowIfCancellationRequested();
        return page;
    }
}
