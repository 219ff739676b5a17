using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

public sealed partial class RepeatTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Grade.VerySatisfied)]
    [InlineData(Grade.BasicallySatisfied)]
    [InlineData(Grade.Dissatisfied)]
    [InlineData(Grade.VeryDissatisfied)]
    public async Task A_repeated_rating_is_answered_exactly_as_the_first(Grade grade)
    {
        await using var host = await TestHost.StartAsync();
        using var phone = new Phone(host);

        var first = await AnswerAsync(host, phone, grade);
        var repeated = await AnswerAsync(host, phone, grade);

        Assert.Equal(first, repeated);
        Assert.Equal(2, await host.CountAsync("DeviceMarks"));
        Assert.Equal(2L, (await host.QueryAsync($"SELECT {grade} FROM TalliesByHour"))[0][0]);
    }

    [Theory]
    [InlineData(Grade.Satisfied, null)]
    [InlineData(Grade.VeryDissatisfied, null)]
    [InlineData(Grade.VeryDissatisfied, "serviceeval-device=nonsense")]
    [InlineData(
        Grade.Satisfied,
        "serviceeval-device=AAAAAAAAAAAAAAAAAAAAAA; serviceeval-device=AAAAAAAAAAAAAAAAAAAAAA"
    )]
    public async Task Without_a_token_of_ours_the_rating_goes_on_alike_and_no_mark_is_kept(Grade grade, string? cookie)
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        using var marked = await phone.TapAsync(code, await phone.OpenAsync(code), grade);

        using var bare = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = host.Address,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/w/{code}")
        {
            Content = new FormUrlEncodedContent([
                new("ticket", await phone.OpenAsync(code)),
                new("grade", Words.Wire(grade)),
            ]),
        };
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var unmarked = await bare.SendAsync(request, Ct);

        Assert.Equal(await SaidAsync(marked), await SaidAsync(unmarked));
        Assert.Equal(2, await host.CountAsync("Ratings"));
        Assert.Equal(1, await host.CountAsync("DeviceMarks"));
    }

    [Fact]
    public async Task A_rating_by_the_API_gets_no_device_mark()
    {
        await using var host = await TestHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/ratings")
        {
            Content = JsonContent.Create(new { ticket = (await host.TicketAsync()).Ticket, grade = "satisfied" }),
            Headers = { { "Cookie", "serviceeval-device=AAAAAAAAAAAAAAAAAAAAAA" } },
        };
        using var response = await host.Client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(0, await host.CountAsync("DeviceMarks"));
    }

    [Fact]
    public async Task The_stored_mark_is_a_hash_under_a_key_of_the_day_and_the_window()
    {
        await using var host = await TestHost.StartAsync();
        // 16:30 UTC is 00:30 in the hall. The date of the hall counts and not the UTC date.
        host.Clock.AdjustTime(new DateTimeOffset(2026, 11, 18, 16, 30, 0, TimeSpan.Zero));
        var code = (await host.WindowCodesAsync())[1];
        using var phone = new Phone(host);
        await phone.RateAsync(code);

        var ring = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(host.DataDirectory, "keys", "ticket-keys.json"), Ct)
        )!;
        var windowId = (long)(await host.QueryAsync("SELECT Id FROM Windows WHERE Code = $1", code))[0][0]!;
        // This is the first block of HKDF (RFC 5869, 2.3).
        byte[] info = [.. Encoding.ASCII.GetBytes($"device mark 2026-11-19 {windowId}"), 1];
        var daily = HMACSHA256.HashData(Convert.FromBase64String((string)ring[0]!["Secret"]!), info);
        var expected = BinaryPrimitives.ReadInt64BigEndian(
            HMACSHA256.HashData(daily, Base64Url.DecodeFromChars(phone.TokenAt(code)))
        );

        var stored = Assert.Single(
            await host.QueryAsync(
                "SELECT m.LocalDate, m.WindowId, m.Device, m.RatingId = r.Id FROM DeviceMarks m, Ratings r"
            )
        );
        Assert.Equal([20261119L, windowId, expected, 1L], stored);
    }

    [Fact]
    public async Task A_phone_can_not_be_followed_to_another_window_or_day()
    {
        await using var host = await TestHost.StartAsync();
        var codes = await host.WindowCodesAsync();
        using var phone = new Phone(host);
        await phone.RateAsync(codes[0]);
        await phone.RateAsync(codes[1]);
        var token = phone.TokenAt(codes[0]);
        host.Clock.Advance(TimeSpan.FromDays(1));
        await phone.RateAsync(codes[0]);

        Assert.Equal(token, phone.TokenAt(codes[0]));
        Assert.Equal(3, (await DevicesAsync(host)).Distinct().Count());
    }

    [Fact]
    public async Task A_key_drawn_in_the_middle_of_the_day_does_not_make_two_phones_of_one()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        host.Clock.AdjustTime(TestHost.Start + TicketKeys.Rotation - TimeSpan.FromMinutes(1));
        await phone.RateAsync(code);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await phone.RateAsync(code);
        await host.RestartAsync();
        await phone.RateAsync(code);

        Assert.Equal(2, host.Part<TicketKeys>().Current.Id);
        var devices = await DevicesAsync(host);
        Assert.Equal(3, devices.Count);
        Assert.Single(devices.Distinct());
    }

    [Fact]
    public async Task One_ticket_posted_twice_and_a_correction_leave_one_mark()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        var ticket = await phone.OpenAsync(code);
        using var first = await phone.TapAsync(code, ticket, Grade.Satisfied);
        using var second = await phone.TapAsync(code, ticket, Grade.Satisfied);
        using var corrected = await phone.PostAsync(first.Headers.Location + "/correction", ("grade", "dissatisfied"));

        Assert.Equal(HttpStatusCode.SeeOther, corrected.StatusCode);
        Assert.Equal(1, await host.CountAsync("Corrections"));
        Assert.Equal(1, await host.CountAsync("DeviceMarks"));
    }

    [Fact]
    public async Task Marks_are_no_part_of_the_ledger_and_verify_stays_clean_with_and_without_them()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        var thanks = await phone.RateAsync(code, Grade.VeryDissatisfied);
        using var detail = await phone.PostAsync(thanks, ("comment", "等了两小时"));
        await phone.RateAsync(code, Grade.VeryDissatisfied);

        Assert.Equal(2, await host.CountAsync("DeviceMarks"));
        Assert.Equal(0, (await host.CommandAsync("verify")).ExitCode);
        await host.QueryAsync("DELETE FROM DeviceMarks");
        Assert.Equal(0, (await host.CommandAsync("verify")).ExitCode);
    }

    private static async Task<List<long>> DevicesAsync(TestHost host) =>
        [.. (await host.QueryAsync("SELECT Device FROM DeviceMarks")).Select(r => (long)r[0]!)];

    /// <summary>
    /// Returns all that a citizen gets for a tap and on the next page, without the receipt and the ticket.
    /// </summary>
    private static async Task<string> AnswerAsync(TestHost host, Phone phone, Grade grade)
    {
        var code = (await host.WindowCodesAsync())[0];
        using var tapped = await phone.TapAsync(code, await phone.OpenAsync(code), grade);
        using var thanks = await phone.SendAsync(HttpMethod.Get, tapped.Headers.Location!.ToString());
        return await SaidAsync(tapped) + await SaidAsync(thanks);
    }

    private static async Task<string> SaidAsync(HttpResponseMessage response)
    {
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .OrderBy(h => h.Key, StringComparer.Ordinal)
            .Select(h => $"{h.Key}: {string.Join(", ", h.Value)}");
        return AnyReceipt()
            .Replace(
                AnyTicket()
                    .Replace(
                        $"{(int)response.StatusCode}\n{string.Join('\n', headers)}\n{await response.Content.ReadAsStringAsync(Ct)}",
                        "TICKET"
                    ),
                "RECEIPT"
            );
    }

    [GeneratedRegex("(?<=serviceeval-rated=)[A-Za-z0-9_-]{64}")]
    private static partial Regex AnyTicket();

    [GeneratedRegex("(?:[0-9A-HJKMNP-TV-Z]{4}-?){4}")]
    private static partial Regex AnyReceipt();
}
