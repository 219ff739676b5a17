using Microsoft.Data.Sqlite;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Sqlite;

/// <summary>The prepared statements of the hot transaction, on the writer's connection.</summary>
internal sealed class BatchCommands(SqliteConnection connection) : IDisposable
{
    private const string CountColumns = "VerySatisfied, Satisfied, BasicallySatisfied, Dissatisfied, VeryDissatisfied";
    private const string AddCounts = """
        UPDATE SET VerySatisfied = VerySatisfied + excluded.VerySatisfied, Satisfied = Satisfied + excluded.Satisfied,
            BasicallySatisfied = BasicallySatisfied + excluded.BasicallySatisfied,
            Dissatisfied = Dissatisfied + excluded.Dissatisfied, VeryDissatisfied = VeryDissatisfied + excluded.VeryDissatisfied
        """;

    private readonly Statement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly Statement _commit = new(connection, "COMMIT");
    private readonly Statement _readHead = new(
        connection,
        """
        SELECT h.Sequence, h.Hash, b.CommittedAt FROM LedgerHead h LEFT JOIN LedgerBlocks b ON b.Sequence = h.Sequence WHERE h.Id = 1
        """
    );
    private readonly Statement _writeHead = new(
        connection,
        "UPDATE LedgerHead SET Sequence = ?1, Hash = ?2 WHERE Id = 1"
    );
    private readonly Statement _readBlockHash = new(connection, "SELECT Hash FROM LedgerBlocks WHERE Sequence = ?1");

    private readonly Statement _readRating = new(
        connection,
        """
        SELECT WindowId, DepartmentId, Tier, Channel, Standing, Grade, GivenAt, LocalDate, LocalHour, ReceivedAt, ReceiptHash, Leaf, Block, "Index"
        FROM Ratings WHERE Id = ?1
        """
    );

    private readonly Statement _readCorrection = new(
        connection,
        """
        SELECT ReplacedGrade, Grade, CorrectedAt FROM Corrections WHERE RatingId = ?1
        """
    );

    private readonly Statement _readDetails = new(
        connection,
        """
        SELECT Grade, ItemId, DepartmentId, Tags, Comment FROM RatingDetails WHERE RatingId = ?1
        """
    );

    private readonly Statement _insertRating = new(
        connection,
        """
        INSERT INTO Ratings (Id, WindowId, DepartmentId, Tier, Channel, Standing, Grade, GivenAt, LocalDate, LocalHour, ReceivedAt, ReceiptHash, Leaf, Block, "Index")
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """
    );

    private readonly Statement _insertCorrection = new(
        connection,
        """
        INSERT INTO Corrections (RatingId, ReplacedGrade, Grade, CorrectedAt, Leaf, Block, "Index") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """
    );

    private readonly Statement _insertDetail = new(
        connection,
        """
        INSERT INTO RatingDetails (RatingId, Grade, ItemId, DepartmentId, Tags, Comment, CommentSalt, CommentCommitment, GivenAt, Leaf, Block, "Index")
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """
    );

    private readonly Statement _insertMark = new(
        connection,
        """
        INSERT INTO DeviceMarks (LocalDate, WindowId, Device, RatingId) VALUES (?1, ?2, ?3, ?4)
        """
    );

    private readonly Statement _addToHour = new(
        connection,
        $"""
        INSERT INTO TalliesByHour (LocalDate, LocalHour, WindowId, DepartmentId, Tier, Channel, Standing, {CountColumns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT DO {AddCounts}
        """
    );

    private readonly Statement _addToItem = new(
        connection,
        $"""
        INSERT INTO TalliesByItem (LocalDate, WindowId, ItemId, DepartmentId, Tier, Standing, {CountColumns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT DO {AddCounts}
        """
    );

    private readonly Statement _addToWindow = new(
        connection,
        $"""
        INSERT INTO TalliesByWindow (WindowId, Tier, Standing, {CountColumns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT DO {AddCounts}
        """
    );

    private readonly Statement _addToTag = new(
        connection,
        """
        INSERT INTO TalliesByTag (LocalDate, WindowId, TagCode, Standing, Count) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET Count = Count + excluded.Count
        """
    );

    private readonly Statement _insertBlock = new(
        connection,
        """
        INSERT INTO LedgerBlocks (Sequence, Algorithm, Root, Count, CommittedAt, Hash, KeyId, Signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """
    );

    private readonly Statement _readKeys = new(
        connection,
        """
        SELECT Id, Algorithm, PublicKey, Name, Replaces, AdmittedAt FROM LedgerKeys ORDER BY Id
        """
    );

    private readonly Statement _insertKey = new(
        connection,
        """
        INSERT INTO LedgerKeys (Id, Algorithm, PublicKey, Name, Replaces, AdmittedAt, Leaf, Block, "Index") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """
    );

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
            Sequence = row.Long(0),
            Hash = row.Blob(1),
            CommittedAt = SoundTime(row, 2),
        };
    }

    public List<LedgerKey> ReadKeys()
    {
        var keys = new List<LedgerKey>();
        using var row = _readKeys.Query();
        while (row.Read())
        {
            keys.Add(
                new LedgerKey
                {
                    Id = row.Int(0),
                    Algorithm = row.Byte(1),
                    PublicKey = row.Blob(2),
                    Name = row.Text(3),
                    Replaces = row.Int(4),
                    AdmittedAt = Time(row.Long(5)),
                }
            );
        }
        return keys;
    }

    public byte[]? ReadBlockHash(long sequence)
    {
        using var row = _readBlockHash.Bind(sequence).Query();
        return row.Read() ? row.Blob(0) : null;
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
        foreach (var r in batch.Ratings)
        {
            _insertRating
                .Bind(r.Id)
                .Bind(r.WindowId)
                .Bind(r.DepartmentId)
                .Bind((long)r.Tier)
                .Bind((long)r.Channel)
                .Bind((long)r.Standing)
                .Bind((long)r.Grade)
                .Bind(Time(r.GivenAt))
                .Bind(Date(r.LocalDate))
                .Bind(r.LocalHour)
                .Bind(Time(r.ReceivedAt))
                .Bind(r.ReceiptHash)
                .Bind(r.Leaf)
                .Bind(r.Block)
                .Bind(r.Index)
                .Run();
        }
        foreach (var c in batch.Corrections)
        {
            _insertCorrection
                .Bind(c.RatingId)
                .Bind((long)c.ReplacedGrade)
                .Bind((long)c.Grade)
                .Bind(Time(c.CorrectedAt))
                .Bind(c.Leaf)
                .Bind(c.Block)
                .Bind(c.Index)
                .Run();
        }
        foreach (var d in batch.Details)
        {
            _insertDetail
                .Bind(d.RatingId)
                .Bind((long)d.Grade)
                .Bind(d.ItemId)
                .Bind(d.DepartmentId)
                .Bind(d.Tags)
                .Bind(d.Comment)
                .Bind(d.CommentSalt)
                .Bind(d.CommentCommitment)
                .Bind(Time(d.GivenAt))
                .Bind(d.Leaf)
                .Bind(d.Block)
                .Bind(d.Index)
                .Run();
        }
        foreach (var m in batch.Marks)
            _insertMark.Bind(Date(m.LocalDate)).Bind(m.WindowId).Bind(m.Device).Bind(m.RatingId).Run();

        foreach (var k in batch.Keys)
        {
            _insertKey
                .Bind(k.Id)
                .Bind(k.Algorithm)
                .Bind(k.PublicKey)
                .Bind(k.Name)
                .Bind(k.Replaces)
                .Bind(Time(k.AdmittedAt))
                .Bind(k.Leaf)
                .Bind(k.Block)
                .Bind(k.Index)
                .Run();
        }

        WriteTallies(batch.Tallies);
        _insertBlock
            .Bind(block.Sequence)
            .Bind(block.Algorithm)
            .Bind(block.Root)
            .Bind(block.Count)
            .Bind(Time(block.CommittedAt))
            .Bind(block.Hash)
            .Bind(block.KeyId)
            .Bind(block.Signature)
            .Run();
        _writeHead.Bind(block.Sequence).Bind(block.Hash).Run();
    }

    public void Dispose()
    {
        foreach (
            var statement in (Statement[])
                [
                    _begin,
                    _commit,
                    _readHead,
                    _writeHead,
                    _readBlockHash,
                    _readRating,
                    _readCorrection,
                    _readDetails,
                    _insertRating,
                    _insertCorrection,
                    _insertDetail,
                    _insertMark,
                    _addToHour,
                    _addToItem,
                    _addToWindow,
                    _addToTag,
                    _insertBlock,
                    _readKeys,
                    _insertKey,
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
            state = new RatingState(
                Rating.Restore(
                    ratingId,
                    row.Int(0),
                    row.Int(1),
                    (Tier)row.Byte(2),
                    (Channel)row.Byte(3),
                    (Standing)row.Byte(4),
                    (Grade)row.Byte(5),
                    Time(row.Long(6)),
                    SqliteDate.FromNumber(row.Int(7)),
                    row.Byte(8),
                    Time(row.Long(9)),
                    row.Blob(10),
                    row.Blob(11),
                    row.Long(12),
                    row.Int(13)
                )
            );
        }
        using (var row = _readCorrection.Bind(ratingId).Query())
        {
            if (row.Read())
            {
                state.Correction = new Correction
                {
                    RatingId = ratingId,
                    ReplacedGrade = (Grade)row.Byte(0),
                    Grade = (Grade)row.Byte(1),
                    CorrectedAt = Time(row.Long(2)),
                };
            }
        }
        using (var row = _readDetails.Bind(ratingId).Query())
        {
            while (row.Read())
            {
                state.Add(
                    new RatingDetail
                    {
                        RatingId = ratingId,
                        Grade = (Grade)row.Byte(0),
                        ItemId = row.Int(1),
                        DepartmentId = row.Int(2),
                        Tags = row.Text(3),
                        Comment = row.IsNull(4) ? null : row.Text(4),
                    }
                );
            }
        }
        return state;
    }

    private void WriteTallies(TallyChanges tallies)
    {
        foreach (var (k, n) in tallies.Hours)
        {
            Add(
                _addToHour
                    .Bind(Date(k.LocalDate))
                    .Bind(k.LocalHour)
                    .Bind(k.WindowId)
                    .Bind(k.DepartmentId)
                    .Bind((long)k.Tier)
                    .Bind((long)k.Channel)
                    .Bind((long)k.Standing),
                n
            );
        }
        foreach (var (k, n) in tallies.Items)
            Add(
                _addToItem
                    .Bind(Date(k.LocalDate))
                    .Bind(k.WindowId)
                    .Bind(k.ItemId)
                    .Bind(k.DepartmentId)
                    .Bind((long)k.Tier)
                    .Bind((long)k.Standing),
                n
            );
        foreach (var (k, n) in tallies.Windows)
            Add(_addToWindow.Bind(k.WindowId).Bind((long)k.Tier).Bind((long)k.Standing), n);
        foreach (var (k, n) in tallies.Tags)
            _addToTag.Bind(Date(k.LocalDate)).Bind(k.WindowId).Bind(k.TagCode).Bind((long)k.Standing).Bind(n).Run();
    }

    private static void Add(Statement keyed, GradeCounts n) =>
        keyed
            .Bind(n.VerySatisfied)
            .Bind(n.Satisfied)
            .Bind(n.BasicallySatisfied)
            .Bind(n.Dissatisfied)
            .Bind(n.VeryDissatisfied)
            .Run();

    /// <summary>
    /// Returns null for a time that our program never writes, because a damaged block must not refuse the next citizen.
    /// </summary>
    private static DateTimeOffset? SoundTime(Statement.Rows row, int column) =>
        !row.IsNull(column) && row.Long(column) is >= 0 and < 253_402_300_800_000 and var stored ? Time(stored) : null;

    private static long Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored);

    private static int Date(DateOnly date) => SqliteDate.ToNumber(date);
}
