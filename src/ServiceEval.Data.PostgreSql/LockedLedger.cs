using Npgsql;
using NpgsqlTypes;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.PostgreSql;

/// <summary>
/// The first round trip of two: begins, locks the ledger's head, and reads what the requests are about as it stands
/// under the lock.
/// </summary>
/// <param name="Keys">All that sign blocks, by their ids.</param>
/// <param name="BlockHashes">Of the blocks that keep the ratings that are there already.</param>
internal sealed record LockedLedger(
    LedgerHead Head,
    IReadOnlyList<LedgerKey> Keys,
    IReadOnlyDictionary<Guid, RatingState> States,
    IReadOnlyDictionary<long, byte[]> BlockHashes
)
{
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
    private const string LockHead = """SELECT "Sequence", "Hash" FROM "LedgerHead" WHERE "Id" = 1 FOR UPDATE""";

    // A statement of its own: one that waited for the lock does not see the block that was written meanwhile.
    // A damaged time is none: it must not refuse the next citizen.
    private const string ReadLastTime = """
        SELECT b."CommittedAt" FROM (SELECT "CommittedAt" FROM "LedgerBlocks" ORDER BY "Sequence" DESC LIMIT 1) b
        WHERE b."CommittedAt" BETWEEN '1970-01-01Z' AND '9999-01-01Z'
        """;

    // READ COMMITTED: each of these statements sees what was committed before it began, and so before the lock was had.
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

    /// <exception cref="NotStoredException">The head's row is missing.</exception>
    /// <exception cref="NpgsqlException">The lock was not to be had, or the server not to be reached.</exception>
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
            throw new NotStoredException("The ledger head's row is missing: run `serviceeval verify`.");
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
