using Microsoft.Data.Sqlite;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Data.Sqlite;

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
    private readonly Statement _readHead = new(connection, "SELECT Sequence, Hash FROM LedgerHead WHERE Id = 1");
    private readonly Statement _writeHead = new(connection, "UPDATE LedgerHead SET Sequence = ?1, Hash = ?2 WHERE Id = 1");
    private readonly Statement _readBlockHash = new(connection, "SELECT Hash FROM LedgerBlocks WHERE Sequence = ?1");

    private readonly Statement _readRating = new(connection, """
        SELECT WindowId, DepartmentId, Tier, Channel, Standing, Grade, GivenAt, LocalDate, LocalHour, ReceivedAt, ReceiptHash, Leaf, Block, "Index"
        FROM Ratings WHERE Id = ?1
        """);

    private readonly Statement _readCorrection = new(connection, """
        SELECT ReplacedGrade, Grade, CorrectedAt FROM Corrections WHERE RatingId = ?1
        """);

    private readonly Statement _readDetails = new(connection, """
        SELECT Grade, ItemId, DepartmentId, Tags, Comment FROM RatingDetails WHERE RatingId = ?1
        """);

    private readonly Statement _insertRating = new(connection, """
        INSERT INTO Ratings (Id, WindowId, DepartmentId, Tier, Channel, Standing, Grade, GivenAt, LocalDate, LocalHour, ReceivedAt, ReceiptHash, Leaf, Block, "Index")
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """);

    private readonly Statement _insertCorrection = new(connection, """
        INSERT INTO Corrections (RatingId, ReplacedGrade, Grade, CorrectedAt, Leaf, Block, "Index") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """);

    private readonly Statement _insertDetail = new(connection, """
        INSERT INTO RatingDetails (RatingId, Grade, ItemId, DepartmentId, Tags, Comment, CommentSalt, CommentCommitment, GivenAt, Leaf, Block, "Index")
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """);

    private readonly Statement _addToHour = new(connection, $"""
        INSERT INTO TalliesByHour (LocalDate, LocalHour, WindowId, DepartmentId, Tier, Channel, Standing, {CountColumns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT DO {AddCounts}
        """);

    private readonly Statement _addToItem = new(connection, $"""
        INSERT INTO TalliesByItem (LocalDate, ItemId, DepartmentId, Tier, Standing, {CountColumns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT DO {AddCounts}
        """);

    private readonly Statement _addToWindow = new(connection, $"""
        INSERT INTO TalliesByWindow (WindowId, Tier, Standing, {CountColumns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT DO {AddCounts}
        """);

    private readonly Statement _addToTag = new(connection, """
        INSERT INTO TalliesByTag (LocalDate, WindowId, TagCode, Standing, Count) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET Count = Count + excluded.Count
        """);

    private readonly Statement _insertBlock = new(connection, """
        INSERT INTO LedgerBlocks (Sequence, Algorithm, Root, Count, CommittedAt, Hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """);

    /// <summary>IMMEDIATE takes SQLite's write lock, and with it the ledger head, before anything is read.</summary>
    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    public LedgerHead ReadHead()
    {
        using var row = _readHead.Query();
        if (!row.Read()) throw new NotStoredException("The ledger head's row is missing: run `serviceeval verify`.");
        return new LedgerHead { Sequence = row.GetInt64(0), Hash = (byte[])row.GetValue(1) };
    }

    public byte[] ReadBlockHash(long sequence)
    {
        using var row = _readBlockHash.Query(sequence);
        return row.Read() ? (byte[])row.GetValue(0) : throw new NotStoredException($"Ledger block {sequence} is missing: run `serviceeval verify`.");
    }

    public Dictionary<Guid, RatingState> LoadStates(IReadOnlyList<LogRequest> requests)
    {
        var states = new Dictionary<Guid, RatingState>();
        foreach (var request in requests)
        {
            if (!states.ContainsKey(request.RatingId) && LoadState(request.RatingId) is { } state) states.Add(request.RatingId, state);
        }
        return states;
    }

    public void Write(Batch batch, LedgerBlock block)
    {
        foreach (var r in batch.Ratings)
        {
            _insertRating.Run(
                Id(r.Id), r.WindowId, r.DepartmentId, (int)r.Tier, (int)r.Channel, (int)r.Standing, (int)r.Grade, Time(r.GivenAt), Date(r.LocalDate),
                (int)r.LocalHour, Time(r.ReceivedAt), r.ReceiptHash, r.Leaf, r.Block, r.Index);
        }
        foreach (var c in batch.Corrections)
            _insertCorrection.Run(Id(c.RatingId), (int)c.ReplacedGrade, (int)c.Grade, Time(c.CorrectedAt), c.Leaf, c.Block, c.Index);
        foreach (var d in batch.Details)
        {
            _insertDetail.Run(
                Id(d.RatingId), (int)d.Grade, d.ItemId, d.DepartmentId, d.Tags, d.Comment, d.CommentSalt, d.CommentCommitment, Time(d.GivenAt),
                d.Leaf, d.Block, d.Index);
        }

        WriteTallies(batch.Tallies);
        _insertBlock.Run(block.Sequence, (int)block.Algorithm, block.Root, block.Count, Time(block.CommittedAt), block.Hash);
        _writeHead.Run(block.Sequence, block.Hash);
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[
            _begin, _commit, _readHead, _writeHead, _readBlockHash, _readRating, _readCorrection, _readDetails, _insertRating, _insertCorrection,
            _insertDetail, _addToHour, _addToItem, _addToWindow, _addToTag, _insertBlock])
        {
            statement.Dispose();
        }
    }

    private RatingState? LoadState(Guid ratingId)
    {
        var id = Id(ratingId);
        RatingState state;
        using (var row = _readRating.Query(id))
        {
            if (!row.Read()) return null;
            state = new RatingState(Rating.Restore(
                ratingId, row.GetInt32(0), row.GetInt32(1), (Tier)row.GetByte(2), (Channel)row.GetByte(3), (Standing)row.GetByte(4),
                (Grade)row.GetByte(5), Time(row.GetInt64(6)), SqliteDate.FromNumber(row.GetInt32(7)), row.GetByte(8), Time(row.GetInt64(9)),
                (byte[])row.GetValue(10), (byte[])row.GetValue(11), row.GetInt64(12), row.GetInt32(13)));
        }
        using (var row = _readCorrection.Query(id))
        {
            if (row.Read())
            {
                state.Correction = new Correction
                {
                    RatingId = ratingId,
                    ReplacedGrade = (Grade)row.GetByte(0),
                    Grade = (Grade)row.GetByte(1),
                    CorrectedAt = Time(row.GetInt64(2)),
                };
            }
        }
        using (var row = _readDetails.Query(id))
        {
            while (row.Read())
            {
                state.Add(new RatingDetail
                {
                    RatingId = ratingId,
                    Grade = (Grade)row.GetByte(0),
                    ItemId = row.GetInt32(1),
                    DepartmentId = row.GetInt32(2),
                    Tags = row.GetString(3),
                    Comment = row.IsDBNull(4) ? null : row.GetString(4),
                });
            }
        }
        return state;
    }

    private void WriteTallies(TallyChanges tallies)
    {
        foreach (var (k, n) in tallies.Hours)
        {
            _addToHour.Run(
                Date(k.LocalDate), (int)k.LocalHour, k.WindowId, k.DepartmentId, (int)k.Tier, (int)k.Channel, (int)k.Standing,
                n.VerySatisfied, n.Satisfied, n.BasicallySatisfied, n.Dissatisfied, n.VeryDissatisfied);
        }
        foreach (var (k, n) in tallies.Items)
        {
            _addToItem.Run(
                Date(k.LocalDate), k.ItemId, k.DepartmentId, (int)k.Tier, (int)k.Standing,
                n.VerySatisfied, n.Satisfied, n.BasicallySatisfied, n.Dissatisfied, n.VeryDissatisfied);
        }
        foreach (var (k, n) in tallies.Windows)
        {
            _addToWindow.Run(
                k.WindowId, (int)k.Tier, (int)k.Standing,
                n.VerySatisfied, n.Satisfied, n.BasicallySatisfied, n.Dissatisfied, n.VeryDissatisfied);
        }
        foreach (var (k, n) in tallies.Tags) _addToTag.Run(Date(k.LocalDate), k.WindowId, k.TagCode, (int)k.Standing, n);
    }

    private static byte[] Id(Guid id) => id.ToByteArray(bigEndian: true);

    private static long Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored);

    private static int Date(DateOnly date) => SqliteDate.ToNumber(date);
}
