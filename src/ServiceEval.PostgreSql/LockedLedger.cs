using Npgsql;
using NpgsqlTypes;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.PostgreSql;

/// <summary>
/// The first round trip of two. It begins the transaction, locks the ledger head, and reads the rows that the requests
/// are about, as they are under the lock.
/// </summary>
/// <param name="Keys">All keys that sign blocks, in the order of their ids.</param>
/// <param name="BlockHashes">The hashes of the blocks that contain the stored ratings, by sequence.</param>
internal sealed record LockedLedger(
    LedgerHead Head,
    IReadOnlyList<LedgerKey> Keys,
    IReadOnlyDictionary<Guid, RatingState> States,
    IReadOnlyDictionary<long, byte[]> BlockHashes
)
{
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
    private const string LockHead = """SELECT "Sequence", "Hash" FROM "LedgerHead" WHERE "Id" = 1 FOR UPDATE""";

    // This is a separate statement, because a statement that waited for the lock does not see the block that was
    // written during the wait. A damaged time is left out, because it must not refuse the next citizen.
    private const string ReadLastTime = """
        SELECT b."CommittedAt" FROM (SELECT "CommittedAt" FROM "LedgerBlocks" ORDER BY "Sequence" DESC LIMIT 1) b
        WHERE b."CommittedAt" BETWEEN '1970-01-01Z' AND '9999-01-01Z'
        """;

    // READ COMMITTED: each of these statements sees everything that was committed before it began, and so everything
    // that was committed before the lock was taken.
    private const string ReadRatings = """
        SELECT r."Id", r."WindowId", r."DepartmentId", r."Tier", r."Channel", r."Standing", r."Grade", r."GivenAt", r."LocalDate", r."LocalHour",
            r."ReceivedAt", r."ReceiptHash", r."Leaf", r."Block", r."Index", b."Hash", c."ReplacedGrade", c."Grade", c."CorrectedAt"
        FROM "Ratings" r LEFT JOIN "LedgerBlocks" b ON b."Sequence" = r."Block" LEFT JOIN "Corrections" c ON c."RatingId" = r."Id"
        WHERE r."Id" = ANY ($1)
        """;

    private const string ReadKeys = """
        SELECT "Id", "Algorithm", "PublicKey", "Name", "Replaces", "AdmittedAt" FROM "LedgerKeys" ORDER BY "Id"
        """;

    private const string ReadDetails = """
        SELECT "RatingId", "Grade", "ItemId", "DepartmentId", "Tags", "Comment" FROM "RatingDetails" WHERE "RatingId" = ANY ($1)
        """;

    /// <exception cref="NotStoredException">The row of the ledger head is missing.</exception>
    /// <exception cref="NpgsqlException">The lock could not be taken, or the server cannot be reached.</exception>
    public static async Task<LockedLedger> LoadAsync(NpgsqlConnection connection, IReadOnlyList<LogRequest> requests)
    {
        Guid[] ids = [.. requests.Select(r => r.RatingId).Distinct()];
        await using var trip = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Begin),
                new(LockHead),
                new(ReadKeys),
                Of(ReadRatings, ids),
                Of(ReadDetails, ids),
                new(ReadLastTime),
            },
        };
        await using var rows = await trip.ExecuteReaderAsync();
        if (!await rows.ReadAsync())
            throw new NotStoredException("The row of the ledger head is missing. Run `serviceeval verify`.");
        var (sequence, hash) = (rows.GetInt64(0), rows.GetFieldValue<byte[]>(1));
        await rows.NextResultAsync();
        var keys = new List<LedgerKey>();
        while (await rows.ReadAsync())
            keys.Add(Key(rows));
        await rows.NextResultAsync();
        var (states, hashes) = (new Dictionary<Guid, RatingState>(), new Dictionary<long, byte[]>());
        while (await rows.ReadAsync())
            Add(rows, states, hashes);
        await rows.NextResultAsync();
        while (await rows.ReadAsync())
            states.GetValueOrDefault(rows.GetGuid(0))?.Add(Detail(rows));
        await rows.NextResultAsync();
        var committedAt = await rows.ReadAsync() ? rows.GetFieldValue<DateTimeOffset>(0) : (DateTimeOffset?)null;
        var head = new LedgerHead
        {
            Sequence = sequence,
            Hash = hash,
            CommittedAt = committedAt,
        };
        return new LockedLedger(head, keys, states, hashes);
    }

    private static NpgsqlBatchCommand Of(string sql, Guid[] ids) =>
        new(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };

    private static void Add(NpgsqlDataReader row, Dictionary<Guid, RatingState> states, Dictionary<long, byte[]> hashes)
    {
        var state = new RatingState(
            Rating.Restore(
                row.GetGuid(0),
                row.GetInt32(1),
                row.GetInt32(2),
                (Tier)row.GetByte(3),
                (Channel)row.GetByte(4),
                (Standing)row.GetByte(5),
                (Grade)row.GetByte(6),
                row.GetFieldValue<DateTimeOffset>(7),
                row.GetFieldValue<DateOnly>(8),
                row.GetByte(9),
                row.GetFieldValue<DateTimeOffset>(10),
                row.GetFieldValue<byte[]>(11),
                row.GetFieldValue<byte[]>(12),
                row.GetInt64(13),
                row.GetInt32(14)
            )
        );
        if (!row.IsDBNull(15))
            hashes[state.Rating.Block] = row.GetFieldValue<byte[]>(15);
        if (!row.IsDBNull(16))
        {
            state.Correction = new Correction
            {
                RatingId = state.Rating.Id,
                ReplacedGrade = (Grade)row.GetByte(16),
                Grade = (Grade)row.GetByte(17),
                CorrectedAt = row.GetFieldValue<DateTimeOffset>(18),
            };
        }
        states.Add(state.Rating.Id, state);
    }

    private static LedgerKey Key(NpgsqlDataReader row) =>
        new()
        {
            Id = row.GetInt32(0),
            Algorithm = row.GetByte(1),
            PublicKey = row.GetFieldValue<byte[]>(2),
            Name = row.GetString(3),
            Replaces = row.GetInt32(4),
            AdmittedAt = row.GetFieldValue<DateTimeOffset>(5),
        };

    private static RatingDetail Detail(NpgsqlDataReader row) =>
        new()
        {
            RatingId = row.GetGuid(0),
            Grade = (Grade)row.GetByte(1),
            ItemId = row.GetInt32(2),
            DepartmentId = row.GetInt32(3),
            Tags = row.GetString(4),
            Comment = row.IsDBNull(5) ? null : row.GetString(5),
        };
}
