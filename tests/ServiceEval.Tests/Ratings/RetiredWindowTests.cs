using System.Net;
using System.Net.Http.Json;

namespace ServiceEval.Tests.Ratings;

public sealed class RetiredWindowTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("retire")]
    [InlineData("revoke")]
    public async Task New_ratings_are_refused_and_tickets_issued_before_are_honoured(string verb)
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        var (byInterface, byPage) = ((await host.TicketAsync(code)).Ticket, (await host.TicketAsync(code)).Ticket);
        var (exitCode, output, errors) = await host.CommandAsync("windows", verb, code);
        Assert.True(exitCode == 0, errors);
        await host.RestartAsync();

        await TestHost.AssertProblemAsync(
            await host.Client.PostAsJsonAsync("/api/v1/tickets", new { windowCode = code }, Ct),
            410,
            "window-retired"
        );
        foreach (var page in (string[])["", "/sheet", "/qr.svg"])
            Assert.Equal(HttpStatusCode.Gone, (await host.Client.GetAsync($"/w/{code}{page}", Ct)).StatusCode);
        using var given = await host.PostRatingAsync(new { ticket = byInterface, grade = "dissatisfied" });
        Assert.Equal(HttpStatusCode.Created, given.StatusCode);
        using var tapped = await host.PostFormAsync($"/w/{code}", ("ticket", byPage), ("grade", "dissatisfied"));
        Assert.Equal(HttpStatusCode.SeeOther, tapped.StatusCode);

        if (verb == "retire")
            return;
        // Standard output has the new address. Standard error says that the sheet must be printed again.
        Assert.StartsWith("http", output, StringComparison.Ordinal);
        Assert.Contains($"{output.Trim()}/sheet", errors, StringComparison.Ordinal);
        await host.RateAsync(windowCode: output.Trim().Split('/')[^1]);
    }
}
