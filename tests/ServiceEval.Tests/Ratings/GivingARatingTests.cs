using System.Net;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

public sealed class GivingARatingTests
{
    [Fact]
    public async Task Two_hundred_posts_of_one_ticket_at_once_are_one_rating_and_one_receipt()
    {
        await using var host = await TestHost.StartAsync();
        var ticket = await host.TicketAsync();

        var responses = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(_ => host.PostRatingAsync(new { ticket = ticket.Ticket, grade = "dissatisfied" }))
        );

        Assert.Single(responses, r => r.StatusCode == HttpStatusCode.Created);
        Assert.Equal(199, responses.Count(r => r.StatusCode == HttpStatusCode.OK));
        var receipts = await Task.WhenAll(responses.Select(r => TestHost.ReadAsync<RatingResponse>(r, r.StatusCode)));
        Assert.Single(receipts.Select(r => (r.Receipt, r.Grade, r.Block.Hash)).Distinct());
        Assert.Equal(1, await host.CountAsync("Ratings"));
        Assert.Equal(1L, (await host.QueryAsync("SELECT SUM(Dissatisfied) FROM TalliesByHour"))[0][0]);
    }

    [Fact]
    public async Task A_replay_long_after_the_ticket_expired_answers_with_what_is_stored()
    {
        await using var host = await TestHost.StartAsync();
        var ticket = await host.TicketAsync();
        var first = await TestHost.ReadAsync<RatingResponse>(
            await host.PostRatingAsync(new { ticket = ticket.Ticket, grade = "veryDissatisfied" }),
            HttpStatusCode.Created
        );

        host.Clock.Advance(TimeSpan.FromDays(400));
        await host.RestartAsync();
        var replay = await TestHost.ReadAsync<RatingResponse>(
            await host.PostRatingAsync(new { ticket = ticket.Ticket, grade = "verySatisfied" })
        );

        Assert.Equal(first, replay);
        Assert.Equal(Grade.VeryDissatisfied, replay.Grade);
    }

    [Fact]
    public async Task A_ticket_that_was_never_used_expires_after_thirty_minutes()
    {
        await using var host = await TestHost.StartAsync();
        var ticket = await host.TicketAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(1));

        await TestHost.AssertProblemAsync(
            await host.PostRatingAsync(new { ticket = ticket.Ticket, grade = "satisfied" }),
            410,
            "ticket-expired"
        );
        Assert.Equal(0, await host.CountAsync("Ratings"));
    }
}
