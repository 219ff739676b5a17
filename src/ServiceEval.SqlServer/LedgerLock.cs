using System.Text;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.SqlServer;

/// <summary>
/// The first of two round trips. It begins the transaction, locks the ledger head, and reads the rows that the requests
/// are about, as they are under the lock.
/// </summary>
internal static class LedgerLock
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
        SELECT h.[Sequence], h.[Hash],
            (SELECT b.[CommittedAt] FROM [LedgerBlocks] AS b WITH (READCOMMITTEDLOCK) WHERE b.[Sequence] = h.[Sequence])
        FROM [LedgerHead] AS h WITH (UPDLOCK, HOLDLOCK) WHERE h.[Id] = 1;
        SELECT {Names(HotRows.Signers, "k")} FROM [LedgerKeys] AS k WITH (READCOMMITTEDLOCK) ORDER BY k.[Id];
        """
    );

    // The plan goes from the ids to the rows with one seek for each id, whatever the tables held when the plan was
    // made.
    private static readonly string ReadRatings = $"""
        SELECT {Names(HotRows.Ratings, "r")}, b.[Hash], {Names(HotRows.Corrections, "c")}
        FROM OPENJSON(@ids) WITH ([Id] varbinary(max) '$') AS i
        INNER LOOP JOIN [Ratings] AS r WITH (READCOMMITTEDLOCK) ON r.[Id] = CONVERT(binary(16), i.[Id])
        LEFT LOOP JOIN [LedgerBlocks] AS b WITH (READCOMMITTEDLOCK) ON b.[Sequence] = r.[Block]
        LEFT LOOP JOIN [Corrections] AS c WITH (READCOMMITTEDLOCK) ON c.[RatingId] = r.[Id];
        """;

    private static readonly string ReadDetails = $"""
        SELECT {Names(HotRows.Details, "d")}
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
        var locked = await LockedLedger.ReadAsync(head, rows, new ReaderRow(rows, idsAreBytes: true));
        // The results are read to the end, because an error is reported only at its place in them.
        await rows.NextResultAsync();
        return locked;
    }

    private static string Names<TRow>(ColumnList<TRow> list, string table) => list.Names(name => $"{table}.[{name}]");
}
