using System.Text;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.SqlServer;

/// <summary>
/// The first of two round trips. It begins the transaction, locks the ledger head, and reads the rows that the requests
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
    /// <summary>
    /// The store gives up a commit after 2.1 seconds. The server's error that the lock is taken must come well before
    /// that, because only this error distinguishes a busy ledger from a server that hangs.
    /// </summary>
    internal const int LockMilliseconds = 1_500;

    // No session waits long for a lock, and an error rolls back everything. UPDLOCK keeps other writers out, and
    // HOLDLOCK keeps the lock to the end of the transaction. Both read the present row, and not the row from the time
    // when the statement began.
    private static readonly string Begin = FormattableString.Invariant(
        $"""
        SET XACT_ABORT ON; SET LOCK_TIMEOUT {LockMilliseconds}; SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        BEGIN TRANSACTION;
        SELECT h.[Sequence], h.[Hash], (SELECT b.[CommittedAt] FROM [LedgerBlocks] AS b WITH (READCOMMITTEDLOCK) WHERE b.[Sequence] = h.[Sequence])
        FROM [LedgerHead] AS h WITH (UPDLOCK, HOLDLOCK) WHERE h.[Id] = 1;
        SELECT k.[Id], k.[Algorithm], k.[PublicKey], k.[Name], k.[Replaces], k.[AdmittedAt] FROM [LedgerKeys] AS k WITH (READCOMMITTEDLOCK) ORDER BY k.[Id];
        """
    );

    // The plan goes from the ids to the rows with one seek for each id, whatever the tables held when the plan was
    // made.
    private const string ReadRatings = """
        SELECT r.[Id], r.[WindowId], r.[DepartmentId], r.[Tier], r.[Channel], r.[Standing], r.[Grade], r.[GivenAt], r.[LocalDate], r.[LocalHour],
            r.[ReceivedAt], r.[ReceiptHash], r.[Leaf], r.[Block], r.[Index], b.[Hash], c.[ReplacedGrade], c.[Grade], c.[CorrectedAt]
        FROM OPENJSON(@ids) WITH ([Id] varbinary(max) '$') AS i
        INNER LOOP JOIN [Ratings] AS r WITH (READCOMMITTEDLOCK) ON r.[Id] = CONVERT(binary(16), i.[Id])
        LEFT LOOP JOIN [LedgerBlocks] AS b WITH (READCOMMITTEDLOCK) ON b.[Sequence] = r.[Block]
        LEFT LOOP JOIN [Corrections] AS c WITH (READCOMMITTEDLOCK) ON c.[RatingId] = r.[Id];
        """;

    private const string ReadDetails = """
        SELECT d.[RatingId], d.[Grade], d.[ItemId], d.[DepartmentId], d.[Tags], d.[Comment]
        FROM OPENJSON(@ids) WITH ([Id] varbinary(max) '$') AS i
        INNER LOOP JOIN [RatingDetails] AS d WITH (READCOMMITTEDLOCK) ON d.[RatingId] = CONVERT(binary(16), i.[Id]);
        """;

    private static readonly string Read = (ReadRatings + "\n" + ReadDetails).Replace(
        "'",
        "''",
        StringComparison.Ordinal
    );

    /// <summary>
    /// Builds the command. A batch with parameters is sent as a procedure, and a procedure that leaves a transaction
    /// open is an error (266). So the ids are in the text of the batch, as base64 only. Only the query that reads by
    /// them has a parameter and a cached plan.
    /// </summary>
    public static SqlCommand Command(SqlConnection connection, IReadOnlyList<LogRequest> requests)
    {
        var text = new StringBuilder(Begin)
            .Append("\nEXEC sp_executesql N'")
            .Append(Read)
            .Append("', N'@ids nvarchar(max)', N'[");
        foreach (var id in requests.Select(r => r.RatingId).Distinct())
            text.Append('"').Append(Convert.ToBase64String(id.ToByteArray(bigEndian: true))).Append("\",");
        text[^1] = ']';
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is our own with ids in base64; neither can contain a foreign quotation mark.
        command.CommandText = text.Append("';").ToString();
#pragma warning restore CA2100
        return command;
    }

    /// <exception cref="NotStoredException">The row of the ledger head is missing.</exception>
    /// <exception cref="SqlException">The lock could not be taken, or the server cannot be reached.</exception>
    public static async Task<LockedLedger> LoadAsync(SqlConnection connection, IReadOnlyList<LogRequest> requests)
    {
        await using var command = Command(connection, requests);
        await using var rows = await command.ExecuteReaderAsync();
        if (!await rows.ReadAsync())
            throw new NotStoredException("The row of the ledger head is missing. Run `serviceeval verify`.");
        var committedAt = rows.IsDBNull(2) ? (DateTimeOffset?)null : rows.GetDateTimeOffset(2);
        var head = new LedgerHead
        {
            Sequence = rows.GetInt64(0),
            Hash = rows.GetFieldValue<byte[]>(1),
            CommittedAt = committedAt,
        };
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
            states.GetValueOrDefault(Id(rows))?.Add(Detail(rows));
        // The results are read to the end, because an error is reported only at its place in them.
        await rows.NextResultAsync();
        return new LockedLedger(head, keys, states, hashes);
    }

    private static void Add(SqlDataReader row, Dictionary<Guid, RatingState> states, Dictionary<long, byte[]> hashes)
    {
        var state = new RatingState(
            Rating.Restore(
                Id(row),
                row.GetInt32(1),
                row.GetInt32(2),
                (Tier)row.GetByte(3),
                (Channel)row.GetByte(4),
                (Standing)row.GetByte(5),
                (Grade)row.GetByte(6),
                row.GetDateTimeOffset(7),
                row.GetFieldValue<DateOnly>(8),
                row.GetByte(9),
                row.GetDateTimeOffset(10),
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
                CorrectedAt = row.GetDateTimeOffset(18),
            };
        }
        states.Add(state.Rating.Id, state);
    }

    private static LedgerKey Key(SqlDataReader row) =>
        new()
        {
            Id = row.GetInt32(0),
            Algorithm = row.GetByte(1),
            PublicKey = row.GetFieldValue<byte[]>(2),
            Name = row.GetString(3),
            Replaces = row.GetInt32(4),
            AdmittedAt = row.GetDateTimeOffset(5),
        };

    private static RatingDetail Detail(SqlDataReader row) =>
        new()
        {
            RatingId = Id(row),
            Grade = (Grade)row.GetByte(1),
            ItemId = row.GetInt32(2),
            DepartmentId = row.GetInt32(3),
            Tags = row.GetString(4),
            Comment = row.IsDBNull(5) ? null : row.GetString(5),
        };

    private static Guid Id(SqlDataReader row) => new(row.GetFieldValue<byte[]>(0), bigEndian: true);
}
