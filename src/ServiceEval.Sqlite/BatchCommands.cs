using Microsoft.Data.Sqlite;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.Sqlite;

/// <summary>The prepared statements of the hot transaction, on the writer's connection.</summary>
internal sealed class BatchCommands(SqliteConnection connection) : IDisposable
{
    private readonly Statement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly Statement _commit = new(connection, "COMMIT");
    private readonly Statement _readHead = new(
        connection,
        """
        SELECT h.Sequence, h.Hash, b.CommittedAt
        FROM LedgerHead h LEFT JOIN LedgerBlocks b ON b.Sequence = h.Sequence WHERE h.Id = 1
        """
    );
    private readonly Statement _writeHead = new(
        connection,
        "UPDATE LedgerHead SET Sequence = ?1, Hash = ?2 WHERE Id = 1"
    );
    private readonly Statement _readBlockHash = new(connection, "SELECT Hash FROM LedgerBlocks WHERE Sequence = ?1");

    private readonly Statement _readRating = new(connection, $"{Select(HotRows.Ratings)} WHERE Id = ?1");
    private readonly Statement _readCorrection = new(connection, $"{Select(HotRows.Corrections)} WHERE RatingId = ?1");
    private readonly Statement _readDetails = new(connection, $"{Select(HotRows.Details)} WHERE RatingId = ?1");
    private readonly Statement _readKeys = new(connection, $"{Select(HotRows.Signers)} ORDER BY Id");
    private readonly IReadOnlyList<BatchInsert> _inserts = BatchInsert.OfAll(connection);
    private readonly RowInsert<LedgerBlock> _insertBlock = new(connection, HotRows.Blocks);

    /// <summary>
    /// Begins the transaction. IMMEDIATE takes SQLite's write lock before anything is read. This lock is also the lock
    /// on the ledger head.
    /// </summary>
    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    public LedgerHead ReadHead()
    {
        using var row = _readHead.Query();
        if (!row.Read())
            throw new NotStoredException("The row of the ledger head is missing. Run `serviceeval verify`.");
        return new LedgerHead
        {
            Sequence = _readHead.Large(0),
            Hash = _readHead.Bytes(1),
            CommittedAt = SoundTime(_readHead, 2),
        };
    }

    public List<LedgerKey> ReadKeys()
    {
        var keys = new List<LedgerKey>();
        using var row = _readKeys.Query();
        while (row.Read())
            keys.Add(HotRows.Signers.Read(_readKeys));
        return keys;
    }

    public byte[]? ReadBlockHash(long sequence)
    {
        using var row = _readBlockHash.Bind(sequence).Query();
        return row.Read() ? _readBlockHash.Bytes(0) : null;
    }

    public Dictionary<Guid, RatingState> LoadStates(IReadOnlyList<LogRequest> requests)
    {
        var states = new Dictionary<Guid, RatingState>();
        foreach (var request in requests)
        {
            if (!states.ContainsKey(request.RatingId) && LoadState(request.RatingId) is { } state)
                states.Add(request.RatingId, state);
        }
        return states;
    }

    public void Write(Batch batch, LedgerBlock block)
    {
        foreach (var insert in _inserts)
            insert.Run(batch);
        _insertBlock.Run(block);
        _writeHead.Bind(block.Sequence).Bind(block.Hash).Run();
    }

    public void Dispose()
    {
        foreach (
            var statement in (IDisposable[])
                [
                    _begin,
                    _commit,
                    _readHead,
                    _writeHead,
                    _readBlockHash,
                    _readRating,
                    _readCorrection,
                    _readDetails,
                    _readKeys,
                    .. _inserts,
                    _insertBlock,
                ]
        )
        {
            statement.Dispose();
        }
    }

    private RatingState? LoadState(Guid ratingId)
    {
        RatingState state;
        using (var row = _readRating.Bind(ratingId).Query())
        {
            if (!row.Read())
                return null;
            state = new RatingState(HotRows.Ratings.Read(_readRating));
        }
        using (var row = _readCorrection.Bind(ratingId).Query())
        {
            if (row.Read())
                state.Correction = HotRows.Corrections.Read(_readCorrection);
        }
        using (var row = _readDetails.Bind(ratingId).Query())
        {
            while (row.Read())
                state.Add(HotRows.Details.Read(_readDetails));
        }
        return state;
    }

    private static string Select<TRow>(ColumnList<TRow> list) =>
        $"SELECT {list.Names(name => $"[{name}]")} FROM {list.Table}";

    /// <summary>
    /// Returns null for a time that our program never writes, because a damaged block must not refuse the next citizen.
    /// </summary>
    private static DateTimeOffset? SoundTime(Statement row, int column) =>
        !row.IsNull(column) && row.Large(column) is >= 0 and <= SqliteTime.LastMillisecond ? row.Time(column) : null;
}
