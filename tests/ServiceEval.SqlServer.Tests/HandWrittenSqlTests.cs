using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.SqlServer.Tests;

/// <summary>Checks the T-SQL that is written by hand.</summary>
public sealed partial class HandWrittenSqlTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 18, 2, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_statement_is_T_SQL_on_the_migrated_schema()
    {
        var faults = MigratedSchema.FaultsOf([.. Locking(), .. Writing(), .. Asking(), .. await ReadingAsync()]);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void What_the_database_is_told_once_and_asked_by_the_doctor_is_T_SQL()
    {
        foreach (
            var sql in (string[])
                [
                    DatabaseSettings.ReadCommittedSnapshot,
                    DatabaseSettings.SnapshotIsolation,
                    DatabaseSettings.Durability,
                    DatabaseSettings.State,
                    DatabaseSettings.LastBackup,
                    EngineProbe.Sql,
                ]
        )
            TSql.Parse(sql);
    }

    [Fact]
    public void What_one_node_at_a_time_asks_for_is_T_SQL() => TSql.Parse(Web.Hosting.SqlServerEngine.TakeTurn);

    [Fact]
    public void What_a_migration_sets_for_its_session_is_T_SQL() => TSql.Parse(Web.Hosting.SqlServerEngine.BoundWaits);

    /// <summary>A new file with a command must be added here, so that its SQL is checked.</summary>
    [Fact]
    public void There_is_no_command_that_these_tests_do_not_know() =>
        Assert.Equal(
            [
                "BatchWrite.cs",
                "CommitOutcomeProbe.cs",
                "DatabaseSettings.cs",
                "EngineProbe.cs",
                "LedgerLock.cs",
                "SqlServerLedgerReader.cs",
                "SqlServerStore.cs",
            ],
            Sources
                .FilesOf("src/ServiceEval.SqlServer")
                .Where(f => SendsSql().IsMatch(File.ReadAllText(f)))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );

    /// <summary>
    /// A batch with parameters is sent as a procedure. In a procedure an open transaction at the end is an error.
    /// </summary>
    [Fact]
    public void The_batch_that_begins_the_transaction_has_no_parameters() =>
        Assert.All(Locking(), s => Assert.Empty(s.Parameters));

    [Fact]
    public void The_batch_that_commits_ends_with_as_many_transactions_as_it_began_with()
    {
        var sql = Writing().Single(s => s.Site.File == "all").Sql;
        Assert.True(
            sql.IndexOf("COMMIT TRANSACTION", StringComparison.Ordinal)
                < sql.IndexOf("BEGIN TRANSACTION", StringComparison.Ordinal)
        );
        Assert.Equal((1, 1), (Regex.Count(sql, "COMMIT"), Regex.Count(sql, "BEGIN TRANSACTION")));
    }

    /// <summary>Neither the words of a citizen nor any other input of a citizen may be part of a statement.</summary>
    [Fact]
    public void What_a_citizen_says_is_in_a_parameter_alone()
    {
        var (batch, block) = Decided(All("'; DROP TABLE Ratings; --"));
        using var connection = new SqlConnection();
        using var command = BatchWrite.Command(connection, batch, block);
        Assert.DoesNotContain("DROP", command.CommandText, StringComparison.Ordinal);
        Assert.Contains("DROP", (string)command.Parameters["@RatingDetails"].Value, StringComparison.Ordinal);
    }

    /// <summary>SQL Server reads bytes as base64 and dates and times in ISO 8601. Numbers must not be texts.</summary>
    [Fact]
    public void Rows_go_as_arrays_in_the_order_of_their_columns()
    {
        var (batch, block) = Decided(All("等了两小时𠮷\n\"'"));
        using var connection = new SqlConnection();
        using var command = BatchWrite.Command(connection, batch, block);
        Assert.Equal(
            $"""[["AZoAAAAAcACAAAAAAAAAAQ==",1,3,3,3,1,4,"2026-11-18T02:00:01.5+00:00","2026-11-18",10,"2026-11-18T02:00:01.5+00:00","{Convert.ToBase64String(new byte[32])}","{Convert.ToBase64String(batch.EntriesOf<Rating>()[0].Leaf)}",1,0]]""",
            command.Parameters["@Ratings"].Value
        );
        Assert.StartsWith(
            """[["AZoAAAAAcACAAAAAAAAAAQ==",4,5,3,"207,209","等了两小时""",
            (string)command.Parameters["@RatingDetails"].Value,
            StringComparison.Ordinal
        );
        Assert.Equal("""[["2026-11-18",1,7,"AZoAAAAAcACAAAAAAAAAAQ=="]]""", command.Parameters["@DeviceMarks"].Value);
        // The grade was given and then replaced by a correction.
        Assert.Equal(
            """[["2026-11-18",1,"207",1,0],["2026-11-18",1,"209",1,0]]""",
            command.Parameters["@TalliesByTag"].Value
        );
    }

    /// <summary>
    /// A text from JSON has the database's collation. To compare it with a key column would be an error.
    /// </summary>
    [Fact]
    public void Texts_are_compared_with_the_keys_own_collation() =>
        Assert.All(
            Writing().Where(s => s.Sql.Contains("[TagCode]", StringComparison.Ordinal)),
            s =>
                Assert.Equal(
                    Regex.Count(s.Sql, @"t\.\[TagCode\] = s\.\[TagCode\] COLLATE Latin1_General_100_BIN2"),
                    Regex.Count(s.Sql, @"= s\.\[TagCode\]")
                )
        );

    private static IEnumerable<Captured> Locking()
    {
        using var connection = new SqlConnection();
        using var command = LedgerLock.Command(connection, All("好"));
        yield return Captured.Of(command, new Site("locking", 0));
        yield return new Captured(SqlServerStore.RollBack, "", new Site("ending", 0));
    }

    /// <summary>
    /// Returns the statements for each table alone and for all together, because the statement names only tables with
    /// rows.
    /// </summary>
    private static IEnumerable<Captured> Writing()
    {
        using var connection = new SqlConnection();
        foreach (
            var (name, requests) in (IEnumerable<(string, LogRequest[])>)
                [
                    ("rating", [Give(1)]),
                    ("correction", [Give(1), new GiveCorrection(Id(1), Grade.Satisfied, Start)]),
                    ("detail", [Give(1), new GiveDetail(Detail("好"))]),
                    ("mark", [Give(1, device: 1)]),
                    ("all", All("好")),
                ]
        )
        {
            var (batch, block) = Decided(requests);
            using var command = BatchWrite.Command(connection, batch, block);
            yield return Captured.Of(command, new Site(name, 0));
        }
    }

    private static IEnumerable<Captured> Asking()
    {
        using var connection = new SqlConnection();
        using var command = CommitOutcomeProbe.Command(connection, 1);
        yield return Captured.Of(command, new Site("asking", 0));
    }

    /// <summary>Returns the queries of a verification, from the first page and from a later page.</summary>
    private static async Task<IReadOnlyList<Captured>> ReadingAsync()
    {
        var asked = new List<Captured>();
        var reader = new UnsentReader(asked);
        await reader.PinAsync(new TallySums(new TallySecret()), Ct);
        await reader.LastSequenceAsync(Ct);
        foreach (var sequence in (long?[])[null, 1])
            await reader.BlocksAfterAsync(sequence, Ct);
        await reader.WholeTableAsync(EntryKind.Key, Ct);
        foreach (var key in (byte[]?[])[null, new byte[16]])
        {
            await reader.PageAsync(EntryKind.Rating, key, Ct);
            await reader.PageAsync(EntryKind.Correction, key, Ct);
            await reader.PageAsync(EntryKind.Detail, key, Ct);
        }
        await reader.ReadReportsAsync(_ => { }, Ct);
        await reader.ReadReportMailsAsync(_ => { }, Ct);
        return asked;
    }

    private static (Batch Batch, LedgerBlock Block) Decided(IReadOnlyList<LogRequest> requests)
    {
        using var key = SigningKey.Create();
        var batch = new Batch(
            new LedgerHead(),
            new LedgerAuthor("test", _ => [key]).Over([]),
            new Dictionary<Guid, RatingState>(),
            Start
        );
        Assert.All(batch.Decide(requests), outcome => Assert.Equal(LogOutcome.Stored, outcome));
        return (batch, batch.Block!);
    }

    /// <summary>
    /// Returns a rating with a mark and details, and its correction. Together they write every table of the hot path.
    /// </summary>
    private static LogRequest[] All(string comment) =>
        [Give(1, device: 7), new GiveDetail(Detail(comment)), new GiveCorrection(Id(1), Grade.Satisfied, Start)];

    private static Guid Id(int number) => new($"019a0000-0000-7000-8000-00000000000{number}");

    private static GiveRating Give(int number, long? device = null) =>
        new(
            Rating.Give(
                Id(number),
                1,
                3,
                Tier.Printed,
                Channel.Qr,
                Grade.Dissatisfied,
                Start.AddSeconds(1.5),
                Zone,
                Start.AddSeconds(1.5),
                new byte[32]
            ),
            null,
            device
        );

    private static RatingDetail Detail(string comment) =>
        RatingDetail.Of(Id(1), Grade.Dissatisfied, 5, 3, ["207", "209"], comment, Start);

    [GeneratedRegex("CommandText|ExecuteSql|SqlQuery|FromSql|new SqlCommand")]
    private static partial Regex SendsSql();
}
