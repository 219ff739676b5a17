using Microsoft.Extensions.Time.Testing;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;
using ServiceEval.PostgreSql;
using ServiceEval.TestDatabases;
using ServiceEval.Web.Features.Ledger;

namespace ServiceEval.Tests.Ledger;

/// <summary>Tests changes by SQL to a ledger on PostgreSQL, where columns have types.</summary>
public sealed class PostgreSqlLedgerTests(Databases databases)
{
    private static readonly string Second = LedgerFile.Id(2).ToString();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ledger_that_nobody_touched_is_clean()
    {
        await using var database = await RatedAsync();
        var result = await new Verification(database.Ledger).RunAsync([], null, Ct);
        Assert.Empty(result.Faults);
        Assert.Equal((3L, 4L), (result.Head.Sequence, result.Ratings));
    }

    [Theory]
    [InlineData("UPDATE \"Ratings\" SET \"Grade\" = 1 WHERE \"Id\" = '{0}'", FaultKind.Altered, "Ratings")]
    [InlineData("UPDATE \"Ratings\" SET \"Grade\" = 300 WHERE \"Id\" = '{0}'", FaultKind.Altered, "Ratings")]
    [InlineData("UPDATE \"Ratings\" SET \"Grade\" = -1 WHERE \"Id\" = '{0}'", FaultKind.Altered, "Ratings")]
    [InlineData("UPDATE \"Ratings\" SET \"GivenAt\" = 'infinity' WHERE \"Id\" = '{0}'", FaultKind.Altered, "Ratings")]
    [InlineData(
        "UPDATE \"Ratings\" SET \"GivenAt\" = '4713-01-01 BC' WHERE \"Id\" = '{0}'",
        FaultKind.Altered,
        "Ratings"
    )]
    [InlineData(
        "UPDATE \"Ratings\" SET \"LocalDate\" = '5874897-12-31' WHERE \"Id\" = '{0}'",
        FaultKind.Altered,
        "Ratings"
    )]
    [InlineData("UPDATE \"Ratings\" SET \"ReceiptHash\" = '\\x00' WHERE \"Id\" = '{0}'", FaultKind.Altered, "Ratings")]
    [InlineData("UPDATE \"Ratings\" SET \"Leaf\" = '' WHERE \"Id\" = '{0}'", FaultKind.Altered, "Ratings")]
    [InlineData(
        "ALTER TABLE \"Ratings\" ALTER \"Tier\" DROP NOT NULL; UPDATE \"Ratings\" SET \"Tier\" = NULL WHERE \"Id\" = '{0}'",
        FaultKind.Altered,
        "Ratings"
    )]
    [InlineData(
        "UPDATE \"Ratings\" SET \"Id\" = 'ffffffff-0000-7000-8000-000000000001' WHERE \"Id\" = '{0}'",
        FaultKind.Altered,
        "Ratings"
    )]
    [InlineData("UPDATE \"RatingDetails\" SET \"Comment\" = '很好'", FaultKind.Altered, "RatingDetails")]
    [InlineData("UPDATE \"RatingDetails\" SET \"CommentSalt\" = NULL", FaultKind.Altered, "RatingDetails")]
    [InlineData("UPDATE \"Corrections\" SET \"Grade\" = 2", FaultKind.Altered, "Corrections")]
    [InlineData("DELETE FROM \"Ratings\" WHERE \"Id\" = '{0}'", FaultKind.Removed, "Ratings")]
    [InlineData("UPDATE \"TalliesByHour\" SET \"Satisfied\" = \"Satisfied\" + 1", FaultKind.Tally, "TalliesByHour")]
    [InlineData(
        "UPDATE \"TalliesByTag\" SET \"TagCode\" = 'x' WHERE \"TagCode\" = '207'",
        FaultKind.Tally,
        "TalliesByTag"
    )]
    [InlineData("UPDATE \"LedgerHead\" SET \"Hash\" = '\\x00'", FaultKind.Chain, "LedgerHead")]
    [InlineData("DELETE FROM \"LedgerBlocks\" WHERE \"Sequence\" = 2", FaultKind.Chain, "LedgerBlocks")]
    [InlineData(
        "UPDATE \"LedgerBlocks\" SET \"CommittedAt\" = 'infinity' WHERE \"Sequence\" = 2",
        FaultKind.Chain,
        "LedgerBlocks"
    )]
    public async Task Whatever_is_changed_by_hand_is_a_fault(string sql, FaultKind kind, string table)
    {
        await using var database = await RatedAsync();
        Assert.NotEqual(0, await database.ExecuteAsync(sql.Replace("{0}", Second, StringComparison.Ordinal)));
        var faults = (await new Verification(database.Ledger).RunAsync([], null, Ct)).Faults;
        Assert.Contains(faults, f => f.Kind == kind && f.Table == table);
    }

    [Fact]
    public async Task An_outsider_verifies_a_dump_without_our_code()
    {
        await using var database = await RatedAsync();
        var (exitCode, output) = await OutsideVerifier.RunAsync(await DumpAsync(database));
        Assert.True(exitCode == 0, output);
        Assert.StartsWith("ok 3:", output, StringComparison.Ordinal);

        await database.ExecuteAsync($"UPDATE \"Ratings\" SET \"Grade\" = 1 WHERE \"Id\" = '{Second}'");
        (exitCode, output) = await OutsideVerifier.RunAsync(await DumpAsync(database));
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"fault altered Ratings {LedgerFile.Id(2):N}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_page_of_rows_continues_where_the_page_before_ended()
    {
        await using var database = await CreateAsync();
        var store = database.NewStore(new FakeTimeProvider(LedgerFile.Start));
        await using var owned = (IAsyncDisposable)store;
        // There are more than two pages, and a page would end between the details of one rating.
        await store.CommitAsync(
            [
                .. Enumerable
                    .Range(1, 4_001)
                    .Select(i => LedgerFile.Give(i, detail: LedgerFile.Detail(i, Grade.Satisfied, 0, ["101"], null))),
            ],
            Ct
        );
        await store.CommitAsync(
            [
                new GiveCorrection(LedgerFile.Id(2_000), Grade.Dissatisfied, TestHost.Start),
                new GiveDetail(LedgerFile.Detail(2_000, Grade.Dissatisfied, 0, ["207"], null)),
            ],
            Ct
        );

        Assert.Equal(2_001, (await database.Ledger.PageAsync(EntryKind.Detail, null, Ct)).Rows.Count);
        var result = await new Verification(database.Ledger).RunAsync([], null, Ct);
        Assert.Empty(result.Faults);
        Assert.Equal(4_001, result.Ratings);
    }

    [Fact]
    public async Task A_schema_of_another_version_is_reported_and_not_verified()
    {
        await using var database = await RatedAsync();
        await database.ExecuteAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231000000_Later', '99')");
        Assert.Equal(LedgerUnreadable.NewerThanProgram, await ReasonAsync(database.ConnectionString));
        await database.ExecuteAsync("DELETE FROM \"__EFMigrationsHistory\"");
        Assert.Equal(LedgerUnreadable.OlderThanProgram, await ReasonAsync(database.ConnectionString));
        await database.ExecuteAsync("DROP TABLE \"__EFMigrationsHistory\"");
        Assert.Equal(LedgerUnreadable.OlderThanProgram, await ReasonAsync(database.ConnectionString));
    }

    [Fact]
    public async Task A_column_that_is_gone_leaves_nothing_to_judge()
    {
        await using var database = await RatedAsync();
        await database.ExecuteAsync("ALTER TABLE \"LedgerHead\" DROP COLUMN \"Hash\"");
        Assert.Equal(LedgerUnreadable.Damaged, await ReasonAsync(database.ConnectionString));
    }

    [Fact]
    public async Task Without_a_database_or_a_server_there_is_nothing_to_judge()
    {
        var server = await databases.PostgreSqlAsync();
        Assert.Equal(LedgerUnreadable.NotThere, await ReasonAsync(server.Cluster.ConnectionTo("nowhere")));
        Assert.Equal(LedgerUnreadable.NotThere, await ReasonAsync("Host=127.0.0.1;Port=1;Database=x;Username=x"));
    }

    private static async Task<LedgerUnreadable> ReasonAsync(string connectionString) =>
        (
            await Assert.ThrowsAsync<LedgerUnreadableException>(() =>
                new PostgreSqlLedgerReader(connectionString).PinAsync(new TallySums(new TallySecret()), Ct)
            )
        ).Reason;

    private static async Task<IReadOnlyList<string>> DumpAsync(TestDatabase database)
    {
        await using var connection = database.Connect();
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText = await OutsideVerifier.DumpSqlAsync("postgresql");
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var lines = new List<string>();
        while (await reader.ReadAsync(Ct))
            lines.Add(reader.GetString(0));
        return lines;
    }

    private async Task<TestDatabase> CreateAsync()
    {
        var database = await databases.CreateAsync(DatabaseKind.PostgreSql);
        await using var db = database.NewContext();
        await LedgerFile.AddDirectoryAsync(db);
        return database;
    }

    /// <summary>
    /// Creates three blocks: ratings 1, 2, 3 · rating 4 with a detail and comment · a correction of 2.
    /// </summary>
    private async Task<TestDatabase> RatedAsync()
    {
        var database = await CreateAsync();
        var store = database.NewStore(new FakeTimeProvider(LedgerFile.Start));
        await using var owned = (IAsyncDisposable)store;
        await store.CommitAsync([LedgerFile.Give(1), LedgerFile.Give(2), LedgerFile.Give(3, window: 2)], Ct);
        await store.CommitAsync(
            [
                LedgerFile.Give(
                    4,
                    Grade.Dissatisfied,
                    2,
                    LedgerFile.Detail(4, Grade.Dissatisfied, 5, ["207", "209"], "等了两小时")
                ),
            ],
            Ct
        );
        await store.CommitAsync([new GiveCorrection(LedgerFile.Id(2), Grade.VeryDissatisfied, TestHost.Start)], Ct);
        return database;
    }
}
