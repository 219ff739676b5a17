using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Tests.Reports;

/// <summary>Tests what a report says about single entries, which are given as citizens give them.</summary>
public sealed class ReportEntriesTests
{
    /// <summary>The time to the next Monday, 06:00.</summary>
    private static readonly TimeSpan ToMonday = TimeSpan.FromHours(4 * 24 + 20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Corrections_of_the_week_are_counted_by_direction_and_those_of_other_weeks_are_not()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        host.Clock.AdjustTime(TestHost.Start.AddDays(-7));
        await CorrectAsync(host, Grade.Satisfied, Grade.Dissatisfied);
        host.Clock.AdjustTime(TestHost.Start);
        await CorrectAsync(host, Grade.Dissatisfied, Grade.Satisfied);
        await CorrectAsync(host, Grade.VeryDissatisfied, Grade.Dissatisfied);
        await host.RateAsync();

        var report = await CompileAsync(host);

        Assert.Equal(new ReportCorrections(2, 1, 0, 0, 1), report.Quality.Corrections);
        Assert.Equal((3, 2), (report.N, report.Good));
    }

    [Fact]
    public async Task Comments_on_bad_grades_are_quoted_by_their_commitment_and_never_by_their_text()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        await SayAsync(host, Grade.Dissatisfied, "等了两个小时");
        await SayAsync(host, Grade.Satisfied, "办得很快");
        await SayAsync(host, Grade.VeryDissatisfied, null);

        var report = await CompileAsync(host);

        var quote = Assert.Single(report.Quotes);
        var row = Assert.Single(
            await host.QueryAsync(
                "SELECT lower(hex(CommentCommitment)), lower(hex(RatingId)) FROM RatingDetails WHERE Comment = '等了两个小时'"
            )
        );
        Assert.Equal(((string)row[0]!, Grade.Dissatisfied), (quote.Commitment, quote.Grade));
        // An id begins with the time of its ticket, so the report must not contain it.
        foreach (
            var secret in (string[])
                [
                    "等了两个小时",
                    (string)row[1]!,
                    $"{new Guid(Convert.FromHexString((string)row[1]!), bigEndian: true)}",
                ]
        )
            Assert.DoesNotContain(secret, report.Freeze().Json, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_comment_on_a_grade_that_was_corrected_away_is_not_quoted()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        await host.RateAsync(Grade.Dissatisfied);
        var receipt = await SayAsync(host, Grade.Dissatisfied, "按错了");
        using (await host.PostFormAsync($"/r/{receipt}/correction", ("grade", "satisfied"))) { }

        Assert.Empty((await CompileAsync(host)).Quotes);
    }

    [Fact]
    public async Task A_phone_that_rates_twice_is_in_the_report_with_the_rate_without_it()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Boards:BatchSize", "1"),
            ("ServiceEval:Reports:MinimumN", "2")
        );
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Ratings.Phone(host);
        foreach (var grade in (Grade[])[Grade.Dissatisfied, Grade.VerySatisfied, Grade.VerySatisfied])
        {
            await phone.RateAsync(code, grade);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        await host.RateAsync(Grade.Satisfied);

        var repeats = (await CompileAsync(host)).Quality.Repeats;

        Assert.Equal((2, 2, 0.5), (repeats.N, repeats.Good, repeats.RateWithout));
        Assert.Equal([new ReportRepeatWindow("示例县政务服务中心", "1", "综合服务窗口", 2)], repeats.Windows);
    }

    /// <summary>Details are accepted for five working days.</summary>
    [Fact]
    public async Task An_item_that_is_named_after_the_weeks_end_is_among_the_weeks_items()
    {
        await using var host = await TestHost.StartAsync();
        var item = host.Part<HallDirectory>().Current.Items[0];
        var (early, late) = (await host.RateAsync(), await host.RateAsync());
        using (await host.PostFormAsync($"/r/{early.Receipt}", ("item", item.Code)))
            host.Clock.AdjustTime(TestHost.Start.AddDays(7));
        using (await host.PostFormAsync($"/r/{late.Receipt}", ("item", item.Code)))
            Assert.Equal(2, await host.CountAsync("RatingDetails"));

        var entries = await host.Part<IReadSnapshot>()
            .ReadAsync((db, ct) => WeekEntries.ReadAsync(db, IsoWeek.Parse("2026-W47"), ct), Ct);

        Assert.Equal((item.Id, 2), (Assert.Single(entries.Named).Group.ItemId, entries.Named[0].Count));
        Assert.Empty(
            (
                await host.Part<IReadSnapshot>()
                    .ReadAsync((db, ct) => WeekEntries.ReadAsync(db, IsoWeek.Parse("2026-W48"), ct), Ct)
            ).Named
        );
    }

    [Fact]
    public async Task Reading_the_entries_walks_indexes_and_no_table()
    {
        await using var host = await TestHost.StartAsync();
        await SayAsync(host, Grade.Dissatisfied, "等了两个小时");

        var corrections = await PlanAsync(
            host,
            "SELECT * FROM Corrections c JOIN Ratings r ON r.Id = c.RatingId WHERE c.RatingId >= x'01' AND c.RatingId < x'02'"
        );
        var comments = await PlanAsync(
            host,
            "SELECT * FROM RatingDetails d JOIN Ratings r ON r.Id = d.RatingId WHERE d.Comment IS NOT NULL AND d.GivenAt >= 1 AND d.GivenAt < 2 AND d.Grade >= 4"
        );

        var items = await PlanAsync(
            host,
            "SELECT * FROM RatingDetails d JOIN Ratings r ON r.Id = d.RatingId WHERE d.ItemId <> 0 AND d.RatingId >= x'01' AND d.RatingId < x'02'"
        );

        Assert.All(
            corrections.Concat(comments).Concat(items),
            step => Assert.StartsWith("SEARCH", step, StringComparison.Ordinal)
        );
        Assert.Contains(comments, step => step.Contains("IX_RatingDetails_GivenAt", StringComparison.Ordinal));
    }

    private static async Task<List<string>> PlanAsync(TestHost host, string sql) =>
        [.. (await host.QueryAsync($"EXPLAIN QUERY PLAN {sql}")).Select(r => (string)r[3]!)];

    private static async Task CorrectAsync(TestHost host, Grade from, Grade to)
    {
        var rating = await host.RateAsync(from);
        using var response = await host.PostFormAsync($"/r/{rating.Receipt}/correction", ("grade", Words.Wire(to)));
        Assert.Equal(303, (int)response.StatusCode);
    }

    private static async Task<string> SayAsync(TestHost host, Grade grade, string? comment)
    {
        var rating = await host.RateAsync(grade);
        if (comment is null)
            return rating.Receipt;
        using var response = await host.PostFormAsync($"/r/{rating.Receipt}", ("comment", comment));
        Assert.Equal(303, (int)response.StatusCode);
        return rating.Receipt;
    }

    private static async Task<WeeklyReport> CompileAsync(TestHost host)
    {
        host.Clock.Advance(ToMonday);
        await host.Part<ReportSweep>().RunAsync(Ct);
        return WeeklyReport.Parse(
            (string)
                (await host.QueryAsync("SELECT Json FROM Reports WHERE Scope = 'county' AND Week = '2026-W47'"))[0][0]!
        );
    }
}
