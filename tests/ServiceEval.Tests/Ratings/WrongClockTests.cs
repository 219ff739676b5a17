using System.Net;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

public sealed class WrongClockTests
{
    [Fact]
    public async Task A_clock_that_is_set_back_refuses_no_rating_and_breaks_no_chain()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        var ticket = (await host.TicketAsync()).Ticket;

        host.Clock.AdjustTime(TestHost.Start.AddHours(-1));
        var rating = await TestHost.ReadAsync<RatingResponse>(
            await host.PostRatingAsync(new { ticket, grade = "dissatisfied" }),
            HttpStatusCode.Created
        );
        using var corrected = await host.PostFormAsync($"/r/{rating.Receipt}/correction", ("grade", "satisfied"));
        Assert.Equal(HttpStatusCode.SeeOther, corrected.StatusCode);
        await host.RateAsync();

        var times = await host.QueryAsync("SELECT CommittedAt FROM LedgerBlocks ORDER BY Sequence");
        Assert.All(times, t => Assert.Equal(times[0][0], t[0]));
        var (exitCode, output, errors) = await host.CommandAsync("verify");
        Assert.True(exitCode == 0, output + errors);
    }

    [Fact]
    public async Task A_clock_that_is_set_forward_lets_a_ticket_expire_and_one_that_was_used_answers()
    {
        await using var host = await TestHost.StartAsync();
        var (unused, used) = ((await host.TicketAsync()).Ticket, (await host.TicketAsync()).Ticket);
        await host.PostRatingAsync(new { ticket = used, grade = "dissatisfied" });

        host.Clock.AdjustTime(TestHost.Start.AddHours(1));
        await TestHost.AssertProblemAsync(
            await host.PostRatingAsync(new { ticket = unused, grade = "dissatisfied" }),
            410,
            "ticket-expired"
        );
        var replay = await TestHost.ReadAsync<RatingResponse>(
            await host.PostRatingAsync(new { ticket = used, grade = "satisfied" })
        );
        Assert.Equal(Grade.Dissatisfied, replay.Grade);
    }
}
