using System.Net;
using ServiceEval.Core.Ratings;
using static ServiceEval.Tests.Ratings.CitizenSteps;

namespace ServiceEval.Tests.Ratings;

/// <summary>Tests where a receipt is explained, entered and found.</summary>
public sealed class ReceiptEntryTests
{
    [Fact]
    public async Task The_thanks_page_says_what_a_receipt_is_for_and_where_to_enter_it()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:PublicUrl", "https://hcp.example.gov.cn"));
        var page = await PageAsync(host, await TapAsync(host, Grade.Satisfied));

        Assert.Contains("凭它可以回来看这次评价的处理情况", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/r\">hcp.example.gov.cn/r</a>", page, StringComparison.Ordinal);
        Assert.Contains("name=\"receipt\"", await PageAsync(host, "/r"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_is_accepted_as_people_type_and_paste_it()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Satisfied);
        var receipt = thanks["/r/".Length..];
        var grouped = string.Join('-', receipt.Chunk(4).Select(c => new string(c)));
        foreach (
            var typed in (string[])
                [
                    receipt,
                    grouped,
                    receipt.ToLowerInvariant(),
                    $"  {grouped.Replace('-', ' ')}\u3000",
                    grouped.Replace('-', '—'),
                    grouped.Replace('-', '－'),
                    receipt.Replace('0', 'O').Replace('1', 'l'),
                    receipt.Replace('0', 'o').Replace('1', 'I'),
                    $"\u202D{receipt}\u202C",
                    $"\uFEFF{receipt[..8]}\u200B{receipt[8..]}",
                    new string([.. receipt.Select(c => (char)(c + 0xFEE0))]),
                ]
        )
        {
            using var found = await PostAsync(host, "/r?lang=en", ("receipt", typed));
            Assert.True(
                (found.StatusCode, found.Headers.Location?.ToString())
                    == (HttpStatusCode.SeeOther, thanks + "?lang=en"),
                $"“{typed}”: {found.StatusCode}"
            );
        }
    }

    [Theory]
    [InlineData("", 400, "还没有填写回执", "Please enter a receipt")]
    [InlineData("\u200B \u3000", 400, "还没有填写回执", "Please enter a receipt")]
    [InlineData("ABCD", 404, "没有查到这个回执", "This receipt is not known")]
    [InlineData("0000-0000-0000-0000", 404, "没有查到这个回执", "This receipt is not known")]
    [InlineData("回执", 404, "没有查到这个回执", "This receipt is not known")]
    public async Task An_invalid_receipt_is_reported_beside_the_field_with_the_typed_text(
        string typed,
        int status,
        string chinese,
        string english
    )
    {
        await using var host = await TestHost.StartAsync();
        foreach (var (view, sentence) in ((string, string)[])[("?lang=zh", chinese), ("?lang=en", english)])
        {
            using var refused = await PostAsync(host, "/r" + view, ("receipt", typed));
            var page = WebUtility.HtmlDecode(await TextAsync(refused));
            Assert.Equal(status, (int)refused.StatusCode);
            Assert.Contains(sentence, page, StringComparison.Ordinal);
            Assert.Contains(
                $"name=\"receipt\" value=\"{(status == 404 ? typed : "")}\"",
                page,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task An_address_with_an_unknown_receipt_offers_the_field_too()
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.GetAsync("/r/ABCD-EFGH", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("name=\"receipt\" value=\"ABCD-EFGH\"", await TextAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guesses_of_receipts_are_limited_and_a_real_receipt_still_opens()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Receipts:MissesPerMinute", "3"));
        var receipt = (await TapAsync(host, Grade.Satisfied))["/r/".Length..];
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
            statuses.Add((int)(await PostAsync(host, "/r", ("receipt", "0000000000000000"))).StatusCode);

        Assert.Equal([404, 404, 404, 429, 429], statuses);
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(host, "/r", ("receipt", receipt))).StatusCode);
    }
}
