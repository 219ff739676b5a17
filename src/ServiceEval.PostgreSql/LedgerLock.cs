using Npgsql;
using NpgsqlTypes;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.PostgreSql;

/// <summary>
/// The first round trip of two. It begins the transaction, locks the ledger head, and reads the rows that the requests
/// are about, as they are under the lock.
/// </summary>
internal static class LedgerLock
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
    private static readonly string ReadRatings = $"""
        SELECT {Names(HotRows.Ratings, "r")}, b."Hash", {Names(HotRows.Corrections, "c")}
        FROM "Ratings" r
        LEFT JOIN "LedgerBlocks" b ON b."Sequence" = r."Block"
        LEFT JOIN "Corrections" c ON c."RatingId" = r."Id"
        WHERE r."Id" = ANY ($1)
        """;

    private static readonly string ReadKeys =
        $"""SELECT {Names(HotRows.Signers, "k")} FROM "LedgerKeys" k ORDER BY k."Id" """;

    private static readonly string ReadDetails =
        $"""SELECT {Names(HotRows.Details, "d")} FROM "RatingDetails" d WHERE d."RatingId" = ANY ($1)""";

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
                new(ReadLastTime),
                new(ReadKeys),
                Of(ReadRatings, ids),
                Of(ReadDetails, ids),
            },
        };
        await using var rows = await trip.ExecuteReaderAsync();
        if (!await rows.ReadAsync())
            throw new NotStoredException("The row of the ledger head is missing. Run `serviceeval verify`.");
        var (sequence, hash) = (rows.GetInt64(0), rows.GetFieldValue<byte[]>(1));
        await rows.NextResultAsync();
        var committedAt = await rows.ReadAsync() ? rows.GetFieldValue<DateTimeOffset>(0) : (DateTimeOffset?)null;
        var head = new LedgerHead
        {
            Sequence = sequence,
            Hash = hash,
            CommittedAt = committedAt,
        };
        return await LockedLedger.ReadAsync(head, rows, new ReaderRow(rows, idsAreBytes: false));
    }

    private static NpgsqlBatchCommand Of(string sql, Guid[] ids) =>
        new(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };

    private static string Names<TRow>(ColumnList<TRow> list, string table) => list.Names(name => $"{table}.\"{name}\"");
}
