using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

public sealed class TicketKeyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_ninety_days_another_key_signs_and_what_the_first_signed_goes_on_answering()
    {
        await using var host = await TestHost.StartAsync();
        var first = await host.TicketAsync();
        var rating = await TestHost.ReadAsync<RatingResponse>(
            await host.PostRatingAsync(new { ticket = first.Ticket, grade = "dissatisfied" }),
            HttpStatusCode.Created
        );
        host.Clock.AdjustTime(TestHost.Start.AddDays(90).AddMinutes(-10));
        var live = await host.TicketAsync();

        host.Clock.AdjustTime(TestHost.Start.AddDays(90));
        var second = await host.TicketAsync();
        Assert.Equal([1, 1, 2], ((TicketResponse[])[first, live, second]).Select(KeyOf));
        foreach (var ticket in (TicketResponse[])[live, second])
        {
            using var given = await host.PostRatingAsync(new { ticket = ticket.Ticket, grade = "satisfied" });
            Assert.Equal(HttpStatusCode.Created, given.StatusCode);
        }

        await host.RestartAsync();
        Assert.Equal(
            rating,
            await TestHost.ReadAsync<RatingResponse>(
                await host.PostRatingAsync(new { ticket = first.Ticket, grade = "satisfied" })
            )
        );
        var receipt = await TestHost.ReadAsync<ReceiptResponse>(
            await host.Client.GetAsync($"/api/v1/receipts/{rating.Receipt}", Ct)
        );
        Assert.Equal(Grade.Dissatisfied, receipt.Grade);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync($"/r/{rating.Receipt}", Ct)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("""[{"Id":1}]""")]
    [InlineData("""[{"Id":1,"Secret":"AAAA","CreatedAt":"2026-11-18T02:00:00+00:00"}]""")]
    [InlineData("SECOND")]
    public async Task A_damaged_key_file_stops_the_start_and_is_left_as_it_is(string content)
    {
        await using var host = await TestHost.StartAsync();
        var path = Path.Combine(host.DataDirectory, "keys", "ticket-keys.json");
        if (content == "SECOND")
        {
            // The file looks as if the first key had been removed. The number in every ticket would then mean another
            // key.
            var keys = JsonNode.Parse(await File.ReadAllTextAsync(path, Ct))!.AsArray();
            keys[0]!["Id"] = 2;
            content = keys.ToJsonString();
        }
        await File.WriteAllTextAsync(path, content, Ct);

        var refusal = await Assert.ThrowsAsync<Core.OperatorException>(() => host.RestartAsync());
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(content, await File.ReadAllTextAsync(path, Ct));
    }

    /// <summary>Returns the number of the key, which is part of every ticket.</summary>
    private static int KeyOf(TicketResponse ticket) =>
        BinaryPrimitives.ReadUInt16BigEndian(Base64Url.DecodeFromChars(ticket.Ticket).AsSpan(1));
}
