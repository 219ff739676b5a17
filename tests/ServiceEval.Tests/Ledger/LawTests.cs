using System.Globalization;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ledger;

namespace ServiceEval.Tests.Ledger;

/// <summary>Tests each rule with a forgery that breaks only this rule. All its hashes are correct.</summary>
public sealed class LawTests
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly DateTimeOffset Start = LedgerFile.Start;

    private static readonly Dictionary<string, Rating> Ratings = new()
    {
        ["lawful"] = Forged(),
        ["windowExists"] = Forged(window: 3),
        ["windowExists, a department"] = Forged(department: 7),
        ["tierAndChannel"] = Forged(channel: Channel.Tablet),
        ["tierAndChannel, of a tier without a door"] = Forged(tier: Tier.Visit),
        ["receipt, of an import"] = Forged(tier: Tier.Imported, id: Version8(), receipt: 1),
        ["ticketLife"] = Forged(id: Guid.CreateVersion7(Start.AddHours(-1))),
        ["ticketLife, of tomorrow"] = Forged(id: Guid.CreateVersion7(Start.AddDays(1))),
        ["ticketLife, of no time"] = Forged(id: Guid.NewGuid()),
        ["ticketLife, of an import"] = Forged(tier: Tier.Imported, receipt: 0),
        ["timeOfBlock"] = Forged(
            id: Guid.CreateVersion7(Start.AddDays(-2)),
            given: Start.AddDays(-2),
            received: Start.AddDays(-2)
        ),
        ["givenAt"] = Forged(given: Start.AddDays(-7)),
        ["givenAt, of an import"] = Forged(tier: Tier.Imported, id: Version8(), given: Start.AddHours(1), receipt: 0),
        ["localTime"] = Forged(localDate: new DateOnly(2026, 11, 11)),
    };

    [Theory]
    [InlineData("lawful")]
    [InlineData("windowExists")]
    [InlineData("windowExists, a department")]
    [InlineData("tierAndChannel")]
    [InlineData("tierAndChannel, of a tier without a door")]
    [InlineData("receipt, of an import")]
    [InlineData("ticketLife")]
    [InlineData("ticketLife, of tomorrow")]
    [InlineData("ticketLife, of no time")]
    [InlineData("ticketLife, of an import")]
    [InlineData("timeOfBlock")]
    [InlineData("givenAt")]
    [InlineData("givenAt, of an import")]
    [InlineData("localTime")]
    public async Task A_rating_that_intake_would_refuse_is_named(string forged)
    {
        await using var file = await WithoutReportsAsync();
        await new Forgery(file.Path, file.Key).AppendAsync(Start, Ratings[forged]);
        await AssertOnlyAsync(file, forged, "Ratings", 6);
    }

    [Theory]
    [InlineData("lawful", 5, Grade.Satisfied, Grade.Dissatisfied, 60)]
    [InlineData("correctionTime", 5, Grade.Satisfied, Grade.Dissatisfied, 126)]
    [InlineData("correctionTime, before", 5, Grade.Satisfied, Grade.Dissatisfied, -4_000)]
    [InlineData("correctionGrade", 5, Grade.VeryDissatisfied, Grade.Satisfied, 60)]
    [InlineData("correctionGrade, the same", 5, Grade.Satisfied, Grade.Satisfied, 60)]
    [InlineData("ratingExists", 77, Grade.Satisfied, Grade.Dissatisfied, 60)]
    public async Task A_correction_that_intake_would_refuse_is_named(
        string forged,
        int rating,
        Grade replaced,
        Grade grade,
        int seconds
    )
    {
        await using var file = await WithoutReportsAsync();
        await new Forgery(file.Path, file.Key).AppendAsync(
            Start,
            Forgery.Correct(LedgerFile.Id(rating), replaced, grade, Start.AddSeconds(seconds))
        );
        await AssertOnlyAsync(file, forged, "Corrections", 6, alsoTallies: replaced != Grade.Satisfied);
    }

    [Theory]
    [InlineData("lawful", 5, Grade.Satisfied, 60, 0)]
    [InlineData("lawful", 2, Grade.VeryDissatisfied, 60, 0)]
    [InlineData("detailGrade", 5, Grade.Dissatisfied, 60, 0)]
    [InlineData("detailGrade, replaced before", 2, Grade.Satisfied, 60, 0)]
    [InlineData("detailTime", 5, Grade.Satisfied, 41 * 86_400, 41)]
    [InlineData("timeOfBlock", 5, Grade.Satisfied, 2 * 86_400, 41)]
    [InlineData("ratingExists", 77, Grade.Satisfied, 60, 0)]
    public async Task A_detail_that_intake_would_refuse_is_named(
        string forged,
        int rating,
        Grade grade,
        int seconds,
        int days
    )
    {
        await using var file = await WithoutReportsAsync();
        await new Forgery(file.Path, file.Key).AppendAsync(
            Start.AddDays(days),
            RatingDetail.Of(LedgerFile.Id(rating), grade, 5, 3, ["101"], null, Start.AddSeconds(seconds))
        );
        await AssertOnlyAsync(file, forged, "RatingDetails", 6);
    }

    [Fact]
    public async Task A_second_correction_is_named_if_somebody_removed_the_constraint_against_it()
    {
        await using var file = await WithoutReportsAsync();
        await file.TamperAsync(
            "CREATE TABLE C AS SELECT * FROM Corrections; DROP TABLE Corrections; ALTER TABLE C RENAME TO Corrections"
        );
        var second = Forgery.Correct(LedgerFile.Id(2), Grade.Satisfied, Grade.BasicallySatisfied, Start);
        var head = await file.HeadAsync();
        var block = LedgerBlock.Seal(
            new LedgerHead { Sequence = head.Sequence, Hash = head.Hash },
            [second.Leaf],
            Start
        );
        await file.TamperAsync(
            "INSERT INTO Corrections (RatingId, ReplacedGrade, Grade, CorrectedAt, Leaf, Block, \"Index\") VALUES ($1, $2, $3, $4, $5, 6, 0)",
            2,
            (long)second.ReplacedGrade,
            (long)second.Grade,
            second.CorrectedAt.ToUnixTimeMilliseconds(),
            second.Leaf
        );
        await new Forgery(file.Path, file.Key).WriteAsync(db =>
        {
            db.Add(block);
            return Task.CompletedTask;
        });
        await file.TamperAsync("UPDATE LedgerHead SET Sequence = 6, Hash = $1", block.Hash);
        Assert.Contains(
            await file.FaultsAsync(),
            f => f is { Kind: FaultKind.Unlawful, Table: "Corrections", Rule: "correctedOnce" }
        );
    }

    [Fact]
    public async Task A_block_whose_time_runs_backwards_is_named()
    {
        await using var file = await WithoutReportsAsync();
        var earlier = Start.AddMinutes(-10);
        await new Forgery(file.Path, file.Key).AppendAsync(earlier, Forged());
        Assert.Equal(
            new Fault(FaultKind.Unlawful, "LedgerBlocks", null, 6, null, Rule: "blockTime"),
            Assert.Single(await file.FaultsAsync())
        );
    }

    [Theory]
    [InlineData(5, -1.5, 5L)]
    [InlineData(5, 2.0, 6L)]
    [InlineData(6, 0.0, null)]
    public async Task A_block_that_contradicts_a_time_noted_with_a_head_is_named(long kept, double hours, long? named)
    {
        await using var file = await WithoutReportsAsync();
        await new Forgery(file.Path, file.Key).AppendAsync(Start, Forged());
        var hash = (byte[])(await file.QueryAsync($"SELECT Hash FROM LedgerBlocks WHERE Sequence = {kept}"))[0][0];
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{Start.AddHours(hours):yyyy-MM-dd'T'HH:mm:ss'Z'} {kept}:{Convert.ToHexStringLower(hash)}"
        );
        Fault[] expected = named is null
            ? []
            : [new Fault(FaultKind.Unlawful, "LedgerBlocks", null, named, null, Rule: "blockNoted")];
        Assert.Equal(expected, await file.FaultsAsync(KeptHeads.Parse("heads.log", line)!));
    }

    [Theory]
    [InlineData("ReleasedDays", "INSERT INTO ReleasedDays VALUES (1, 20261118, 0, 3, 0, 0, 0)")]
    [InlineData(
        "BoardCursors",
        "INSERT INTO ReleasedDays VALUES (1, 20261118, 6, 0, 0, 0, 0); INSERT INTO BoardCursors VALUES (1, 6, 0, 0, 0, 0)"
    )]
    [InlineData("ReleasedDays", "INSERT INTO BoardCursors VALUES (1, 0, 1, 0, 0, 0)")]
    [InlineData(
        "BoardReleases",
        "INSERT INTO BoardReleases (HallId, Version, ReleasedAt, DirectoryVersion, LedgerSequence, LedgerHash) VALUES (1, 1, 1795831200000, 0, 5, zeroblob(32))"
    )]
    public async Task A_screen_that_shows_what_the_ledger_does_not_is_named(string table, string sql)
    {
        await using var file = await WithoutReportsAsync();
        await file.TamperAsync(sql);
        Assert.Equal((table, "1"), Assert.Single((await file.FaultsAsync()).Select(f => (f.Table, f.Id))));
    }

    [Theory]
    [InlineData("reportMissing", "county-2026-W47-v1", "county/2026-W47/2/5/5")]
    [InlineData("reportOrder", "county-2026-W47-v1", "county/2026-W47/1/5/6", "county/2026-W47/2/3/7")]
    [InlineData("reportOrder, by time", "county-2026-W47-v1", "county/2026-W47/1/3/9", "county/2026-W47/2/5/6")]
    [InlineData("reportWeek", "county-2026-W47-v1", "county/2026-W47/1/5/3")]
    [InlineData("reportMissing, a week", "county-2026-W47-v1", "county/2026-W46/1/3/5", "county/2026-W48/1/5/12")]
    [InlineData(
        "reportOrder, of weeks",
        "county-2026-W47-v1",
        "county/2026-W46/1/3/5",
        "county/2026-W47/1/5/14",
        "county/2026-W48/1/4/12"
    )]
    [InlineData(
        "lawful",
        "",
        "county/2026-W46/1/3/5",
        "county/2026-W47/1/3/5",
        "county/2026-W47/2/5/14",
        "county/2026-W48/1/4/12"
    )]
    [InlineData("lawful", "", "hall/2026-W46/1/3/5", "hall/2026-W48/1/4/12")]
    public async Task A_report_that_contradicts_the_other_reports_is_named(
        string forged,
        string id,
        params string[] reports
    )
    {
        await using var file = await WithoutReportsAsync();
        foreach (var report in reports.Select(r => r.Split('/')))
            await file.AddReportAsync(
                report[0],
                report[1],
                Number(report[2]),
                Number(report[3]),
                Start.AddDays(Number(report[4]))
            );
        Fault[] expected =
            forged == "lawful"
                ? []
                : [new Fault(FaultKind.Unlawful, "Reports", id, null, null, Rule: forged.Split(',')[0])];
        // The blocks here were all committed before any of these reports. That is another fault, so only faults of the
        // reports are compared.
        Assert.Equal(expected, (await file.FaultsAsync()).Where(f => f.Table == "Reports"));
    }

    [Theory]
    [InlineData("DELETE FROM Reports", 6, "county-2026-W47-v1")]
    [InlineData("SELECT 1", 4, "county-2026-W47-v1")]
    [InlineData("SELECT 1", 6, null)]
    public async Task A_report_that_was_mailed_can_not_be_missing_or_younger_than_the_mail(
        string sql,
        int day,
        string? id
    )
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await new Forgery(file.Path, file.Key).WriteAsync(db =>
        {
            db.Add(
                new ReportMail
                {
                    Scope = "county",
                    Week = "2026-W47",
                    Version = 1,
                    Recipient = "a@example.org",
                    State = MailState.Sent,
                    At = Start.AddDays(day),
                }
            );
            return Task.CompletedTask;
        });
        await file.TamperAsync(sql);
        Fault[] expected = id is null
            ? []
            : [new Fault(FaultKind.Unlawful, "Reports", id, null, null, Rule: "reportMailed")];
        Assert.Equal(expected, await file.FaultsAsync());
    }

    [Theory, InlineData(0, true), InlineData(1, false)]
    public async Task A_real_installation_that_is_set_to_show_a_made_up_past_is_named(long demo, bool isFault)
    {
        await using var file = await WithoutReportsAsync();
        await file.TamperAsync("DELETE FROM Installation");
        await file.TamperAsync(
            "INSERT INTO Installation (Id, Title, Demo, ShowsMadeUpPast, DirectoryVersion) VALUES (1, '示例', $1, 1, 1)",
            demo
        );
        var fault = new Fault(FaultKind.Unlawful, "Installation", null, null, null, Rule: "madeUpPast");
        Fault[] expected = isFault ? [fault] : [];
        Assert.Equal(expected, await file.FaultsAsync());
    }

    private static async Task<LedgerFile> WithoutReportsAsync()
    {
        var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("DELETE FROM Reports");
        return file;
    }

    private static async Task AssertOnlyAsync(
        LedgerFile file,
        string forged,
        string table,
        long block,
        bool alsoTallies = false
    )
    {
        var faults = (await file.FaultsAsync()).Where(f => !alsoTallies || f.Kind != FaultKind.Tally).ToList();
        Assert.Equal(
            faults,
            (await file.FaultsABlockAtATimeAsync()).Where(f => !alsoTallies || f.Kind != FaultKind.Tally)
        );
        if (forged == "lawful")
            Assert.Empty(faults);
        else
            Assert.Equal(
                (FaultKind.Unlawful, table, block, forged.Split(',')[0]),
                Assert.Single(faults.Select(f => (f.Kind, f.Table, f.Block, f.Rule)))
            );
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Guid Version8()
    {
        var id = Guid.NewGuid().ToByteArray(bigEndian: true);
        id[6] = (byte)(0x80 | id[6] & 0x0F);
        return new Guid(id, bigEndian: true);
    }

    private static Rating Forged(
        Guid? id = null,
        int window = 1,
        int department = 3,
        Tier tier = Tier.Printed,
        Channel channel = Channel.Qr,
        DateTimeOffset? given = null,
        DateTimeOffset? received = null,
        DateOnly? localDate = null,
        byte receipt = 9
    )
    {
        var hash = new byte[32];
        hash[0] = receipt;
        var honest = Rating.Give(
            id ?? Guid.CreateVersion7(Start),
            window,
            department,
            tier,
            channel,
            Grade.VerySatisfied,
            given ?? Start,
            Zone,
            received ?? Start,
            hash
        );
        return localDate is not { } date
            ? honest
            : Rating.Restore(
                honest.Id,
                window,
                department,
                tier,
                channel,
                Standing.Counted,
                honest.Grade,
                honest.GivenAt,
                date,
                honest.LocalHour,
                honest.ReceivedAt,
                hash,
                leaf: null
            );
    }
}
