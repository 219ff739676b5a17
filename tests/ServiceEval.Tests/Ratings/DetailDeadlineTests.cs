using System.Net;
using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Reports;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

public sealed class DetailDeadlineTests
{
    /// <summary>
    /// The first instant after the fifth working day, which is a Wednesday. Day 0 is the host's Wednesday.
    /// </summary>
    private static readonly DateTimeOffset Deadline = new(2026, 11, 25, 16, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Details_may_be_added_for_five_working_days()
    {
        await using var host = await TestHost.StartAsync();
        var (first, second, third) = (
            await host.RateAsync(Grade.Dissatisfied),
            await host.RateAsync(Grade.Dissatisfied),
            await host.RateAsync(Grade.Dissatisfied)
        );

        host.Clock.AdjustTime(Deadline.AddMilliseconds(-1));
        using (var inTime = await host.PostFormAsync($"/r/{first.Receipt}", ("comment", "等了两小时")))
            Assert.Equal(HttpStatusCode.SeeOther, inTime.StatusCode);

        host.Clock.AdjustTime(Deadline);
        using (var late = await host.PostFormAsync($"/r/{second.Receipt}", ("comment", "等了两小时")))
        {
            Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
            var page = await late.Content.ReadAsStringAsync(Ct);
            Assert.Contains("补充说明的期限已过（截至11月25日）", page, StringComparison.Ordinal);
        }
        // The same comment again adds nothing.
        using (var again = await host.PostFormAsync($"/r/{first.Receipt}", ("comment", "等了两小时")))
            Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        Assert.Equal(1, await host.CountAsync("RatingDetails"));

        await host.RestartAsync(("ServiceEval:Receipts:DetailWorkingDays", "6"));
        using var longer = await host.PostFormAsync($"/r/{third.Receipt}", ("comment", "等了两小时"));
        Assert.Equal(HttpStatusCode.SeeOther, longer.StatusCode);
    }

    [Fact]
    public async Task The_page_can_read_the_deadline_for_details()
    {
        await using var host = await TestHost.StartAsync();
        var given = await host.RateAsync();

        var (stored, _) = await host.Part<ReceiptDesk>().FindAsync(given.Receipt, Ct);

        Assert.Equal(Deadline, host.Part<ReceiptDesk>().DetailsUntil(stored!));
    }

    [Theory]
    // The week of National Day is off, and the Saturday after it is a working day.
    [InlineData("2026-09-29", 5, "2026-10-12")]
    [InlineData("2026-11-18", 0, "2026-11-18")]
    [InlineData("2026-11-20", 1, "2026-11-23")]
    // There is no notice for this year yet, so only weekends are off.
    [InlineData("2031-01-03", 1, "2031-01-06")]
    public void Working_days_are_counted_by_the_calendar(string from, int days, string last) =>
        Assert.Equal(DateOnly.Parse(last, null), RatedWeeks.Calendar.After(DateOnly.Parse(from, null), days));
}
