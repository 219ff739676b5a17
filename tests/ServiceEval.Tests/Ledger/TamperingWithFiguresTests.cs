using ServiceEval.Core.Ledger;
using ServiceEval.Web.Features.Ledger;

namespace ServiceEval.Tests.Ledger;

public sealed class TamperingWithFiguresTests
{
    [Theory]
    [InlineData("TalliesByHour", "SET LocalDate = 20261399", "20261399/10/1/3/3/3/1")]
    [InlineData("TalliesByHour", "SET Tier = 300", "20261118/10/1/3/300/3/1")]
    [InlineData("TalliesByHour", "SET Channel = 'x'", "20261118/10/1/3/3/'x'/1")]
    [InlineData("TalliesByHour", "SET Satisfied = -1", "2026-11-18/10/1/3/3/3/1")]
    [InlineData("TalliesByHour", "SET Satisfied = 9223372036854775807", "20261118/10/1/3/3/3/1")]
    [InlineData("TalliesByItem", "SET Dissatisfied = 2", "2026-11-18/2/5/3/3/1")]
    [InlineData("TalliesByItem", "SET ItemId = CAST(x'ff' AS TEXT)", "20261118/2/'\ufffd'/3/3/1")]
    [InlineData("TalliesByWindow", "SET VerySatisfied = 'all'", "1/3/1")]
    [InlineData("TalliesByTag", "SET Count = 1.5", "20261118/2/'101'/1")]
    public async Task An_edited_tally_is_named_by_its_key(string table, string change, string key)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync($"UPDATE {table} {change}{Where(table)}");
        var faults = await file.FaultsAsync();
        Assert.Contains(new Fault(FaultKind.Tally, table, key, null, null), faults);
        Assert.All(faults, f => Assert.Equal((FaultKind.Tally, table), (f.Kind, f.Table)));
    }

    [Theory]
    [InlineData("DELETE FROM TalliesByWindow WHERE WindowId = 2", "TalliesByWindow", "2/3/1")]
    [InlineData("INSERT INTO TalliesByWindow VALUES (9, 3, 1, 1, 0, 0, 0, 0)", "TalliesByWindow", "9/3/1")]
    [InlineData("INSERT INTO TalliesByTag VALUES (20261118, 2, '999', 1, 3)", "TalliesByTag", "2026-11-18/2/999/1")]
    public async Task A_removed_or_inserted_tally_is_named(string sql, string table, string key)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync(sql);
        Assert.Equal(new Fault(FaultKind.Tally, table, key, null, null), Assert.Single(await file.FaultsAsync()));
    }

    [Theory]
    [InlineData("Json = replace(Json, '\"n\":7', '\"n\":9')")]
    [InlineData("Json = Json || ' '")]
    [InlineData("Json = ''")]
    [InlineData("Json = CAST(x'ff' AS TEXT)")]
    [InlineData("ContentHash = zeroblob(32)")]
    [InlineData("LedgerSequence = 4")]
    [InlineData("LedgerHash = x'00'")]
    public async Task An_edited_report_is_named(string change)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync($"UPDATE Reports SET {change}");
        Assert.Contains(
            new Fault(FaultKind.Altered, "Reports", "county-2026-W47-v1", null, null),
            await file.FaultsAsync()
        );
    }

    [Theory]
    [InlineData("county", 5, "N = 7", null)]
    [InlineData("county", 5, "N = 8", "county-2026-W47-v2")]
    [InlineData("county", 5, "verySatisfied = 1, veryDissatisfied = 2", null)]
    [InlineData("county", 5, "verySatisfied = 2, veryDissatisfied = 1", "county-2026-W47-v2")]
    [InlineData("example", 5, "N = 7", null)]
    [InlineData("example", 5, "N = 6", "example-2026-W47-v2")]
    public async Task A_report_that_was_written_again_with_other_totals_is_named(
        string scope,
        long block,
        string figures,
        string? named
    )
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        if (scope != "county")
            await file.AddReportAsync(scope, "2026-W47", 1, block, LedgerFile.Start.AddDays(6));
        await file.AddReportAsync(
            scope,
            "2026-W47",
            2,
            block,
            LedgerFile.Start.AddDays(6),
            report =>
            {
                var said = figures.Split(", ").ToDictionary(f => f.Split(" = ")[0], f => (int?)f[^1] - '0');
                return report with { N = said.GetValueOrDefault("N") ?? report.N, Grades = said };
            }
        );
        Fault[] expected = named is null ? [] : [new Fault(FaultKind.Tally, "Reports", named, null, null)];
        Assert.Equal(expected, await file.FaultsAsync());
    }

    [Fact]
    public async Task A_report_passed_off_as_another_week_is_named()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("UPDATE Reports SET Week = '2026-W48'");
        Assert.Equal(
            new Fault(FaultKind.Altered, "Reports", "county-2026-W48-v1", null, null),
            Assert.Single(await file.FaultsAsync())
        );
    }

    [Fact]
    public async Task A_report_that_saw_another_ledger_is_named()
    {
        await using var file = await LedgerFile.CreateAsync();
        await file.CommitAsync(LedgerFile.Give(1));
        await file.AddReportAsync(new BlockReference(1, new byte[32]));
        Assert.Equal(
            new Fault(FaultKind.Chain, "Reports", "county-2026-W47-v1", 1, null),
            Assert.Single(await file.FaultsAsync())
        );
    }

    private static string Where(string table) =>
        table switch
        {
            "TalliesByHour" or "TalliesByWindow" => " WHERE WindowId = 1",
            "TalliesByTag" => " WHERE TagCode = '101'",
            _ => "",
        };
}
