using System.Net;
using System.Text.RegularExpressions;
using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Features.Places;
using static ServiceEval.Tests.Ratings.CitizenSteps;

namespace ServiceEval.Tests.Ratings;

/// <summary>
/// Tests the parts that come after the grade and never before it: whom to turn to, correction, details.
/// </summary>
public sealed partial class ThanksPageTests
{
    [GeneratedRegex("name=\"item\" value=\"([^\"]*)\"")]
    private static partial Regex Item();

    [GeneratedRegex("href=\"(tel:[^\"]*)\"")]
    private static partial Regex Dialled();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("?view=elder")]
    [InlineData("?lang=en")]
    public async Task Every_thanks_page_says_alike_whom_to_turn_to(string view)
    {
        await using var host = await TestHost.StartAsync();
        var telephone = (string)(await host.QueryAsync("SELECT Telephone FROM Halls"))[0][0]!;
        foreach (var grade in Grades.All)
        {
            var page = WebUtility.HtmlDecode(await PageAsync(host, await TapAsync(host, grade) + view));
            Assert.Contains(telephone, page, StringComparison.Ordinal);
            Assert.Contains(
                $"<a class=\"tel\" href=\"tel:{telephone}\">{telephone}</a>",
                page,
                StringComparison.Ordinal
            );
            Assert.Contains("<a class=\"tel\" href=\"tel:12345\">12345</a>", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_grade_may_be_corrected_once_within_two_minutes_and_both_stay()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.VerySatisfied);
        host.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.SeeOther, await CorrectAsync("dissatisfied"));
        Assert.Equal(HttpStatusCode.SeeOther, await CorrectAsync("dissatisfied"));
        Assert.Equal(HttpStatusCode.Conflict, await CorrectAsync("satisfied"));
        Assert.Equal(1, await host.CountAsync("Ratings"));
        Assert.Equal(1, await host.CountAsync("Corrections"));
        Assert.Equal([0L, 1L], (await host.QueryAsync("SELECT VerySatisfied, Dissatisfied FROM TalliesByHour"))[0]);

        async Task<HttpStatusCode> CorrectAsync(string grade)
        {
            using var response = await PostAsync(host, thanks + "/correction", ("grade", grade));
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task After_two_minutes_a_correction_comes_too_late()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.VerySatisfied);
        host.Clock.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromMilliseconds(1));

        using var response = await PostAsync(host, thanks + "/correction", ("grade", "dissatisfied"));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task Details_are_given_once_and_script_in_them_is_shown_as_text()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Dissatisfied);
        (string, string)[] details = [("tags", "207"), ("tags", "209"), ("comment", "<script>alert(1)</script>")];

        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(host, thanks, details)).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(host, thanks, details)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(host, thanks, ("tags", "208"))).StatusCode);
        var page = await PageAsync(host, thanks);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert(1)", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_is_still_there_when_it_can_not_be_stored()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Dissatisfied);

        using var wrongTag = await PostAsync(host, thanks, ("tags", "510"), ("comment", "等了两小时"));
        using var tooLong = await PostAsync(host, thanks, ("comment", new string('长', 501)));

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], [wrongTag.StatusCode, tooLong.StatusCode]);
        Assert.Contains(
            "等了两小时",
            WebUtility.HtmlDecode(await wrongTag.Content.ReadAsStringAsync(Ct)),
            StringComparison.Ordinal
        );
        Assert.Equal(0, await host.CountAsync("RatingDetails"));
    }

    [Fact]
    public async Task A_search_of_a_whole_book_is_cut_to_what_the_field_takes()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Satisfied);

        using var response = await PostAsync(host, thanks, ("search", "1"), ("q", new string('a', 20_000)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains($"value=\"{new string('a', 40)}\"", await TextAsync(response), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0393-8912345、8912346转801", "tel:0393-8912345|tel:8912346")]
    [InlineData("+86 393 8912345", "tel:+863938912345")]
    [InlineData("见公示栏", "")]
    public async Task Every_number_of_a_hall_s_telephone_can_be_tapped_and_the_rest_is_shown_as_it_is(
        string telephone,
        string links
    )
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync("UPDATE Halls SET Telephone = $1", telephone);
        await host.QueryAsync("UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1");
        await host.Part<HallDirectory>().RefreshAsync(Ct);

        foreach (var path in (string[])[await TapAsync(host, Grade.Satisfied), "/h/example"])
        {
            var page = WebUtility.HtmlDecode(await PageAsync(host, path));
            Assert.Equal(
                links,
                string.Join(
                    '|',
                    Dialled().Matches(page).Select(m => m.Groups[1].Value).Where(link => link != "tel:12345")
                )
            );
            Assert.Contains(telephone, Tag().Replace(page, ""), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_reason_comes_before_the_item()
    {
        await using var host = await TestHost.StartAsync();
        var page = await PageAsync(host, await TapAsync(host, Grade.Dissatisfied));

        string[] order = ["name=\"tags\"", "name=\"comment\"", "name=\"q\"", "name=\"item\"", "提交说明"];
        var places = order.Select(part => page.IndexOf(part, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task What_was_added_is_said_to_have_been_received_also_when_the_page_is_opened_again()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Dissatisfied);
        Assert.DoesNotContain("说明已收到", await PageAsync(host, thanks), StringComparison.Ordinal);

        using var added = await PostAsync(host, thanks, ("tags", "207"));

        Assert.Contains(
            "说明已收到",
            await PageAsync(host, added.Headers.Location!.ToString()),
            StringComparison.Ordinal
        );
        Assert.Contains("has been received", await PageAsync(host, thanks + "?lang=en"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "还有37个，请多输几个字。")]
    [InlineData("?lang=en", "37 more; please type a few more characters.")]
    public async Task A_search_returns_to_its_field_with_the_results_in_place_of_the_usual_items(
        string view,
        string more
    )
    {
        await using var host = await TestHost.StartAsync();
        for (var i = 0; i < 57; i++)
            await host.QueryAsync(
                "INSERT INTO ServiceItems (Code, Name, DepartmentId) SELECT $1, $2, MIN(Id) FROM Departments",
                $"X{i}",
                $"测试事项{i:D2}"
            );
        await host.QueryAsync("UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1");
        await host.Part<HallDirectory>().RefreshAsync(Ct);
        var thanks = await TapAsync(host, Grade.Satisfied);
        var usual = Item().Matches(await PageAsync(host, thanks + view)).Select(m => m.Groups[1].Value).ToList();
        Assert.Contains(
            $"formaction=\"{thanks}{view}#items\"",
            await PageAsync(host, thanks + view),
            StringComparison.Ordinal
        );

        using var searched = await PostAsync(
            host,
            thanks + view,
            ("q", "测试事项"),
            ("search", "1"),
            ("item", usual[0])
        );
        var page = await TextAsync(searched);
        using var chosen = await PostAsync(host, thanks + view, ("q", "测试事项"), ("search", "1"), ("item", "X3"));

        Assert.Equal(
            [usual[0], .. Enumerable.Range(0, 20).Select(i => $"X{i}")],
            Item().Matches(page).Select(m => m.Groups[1].Value)
        );
        Assert.Contains($"value=\"{usual[0]}\" checked", page, StringComparison.Ordinal);
        Assert.True(
            page.IndexOf("name=\"q\"", StringComparison.Ordinal) < page.IndexOf(more, StringComparison.Ordinal)
        );
        Assert.True(
            page.IndexOf(more, StringComparison.Ordinal) < page.IndexOf("name=\"item\"", StringComparison.Ordinal)
        );
        Assert.Equal(20, Item().Count(await TextAsync(chosen)));
    }

    [Fact]
    public async Task An_everyday_word_finds_the_item_and_what_is_not_shown_is_counted()
    {
        using var folder = new Folder();
        Assert.Equal(0, (await TestHost.CommandInAsync(folder.Path, "seed", "puyang")).ExitCode);
        await using var host = await TestHost.StartInAsync(folder.Path, ownsDirectory: false);
        var thanks = await TapAsync(host, Grade.Satisfied);

        using var one = await PostAsync(host, thanks, ("q", "残疾证"), ("search", "1"));
        using var many = await PostAsync(host, thanks, ("q", "房产证"), ("search", "1"));

        Assert.Contains("残疾人证新办", WebUtility.HtmlDecode(await TextAsync(one)), StringComparison.Ordinal);
        Assert.Matches("还有[0-9]+个，请多输几个字", WebUtility.HtmlDecode(await TextAsync(many)));
    }

    [Fact]
    public async Task Searching_an_item_keeps_the_page_and_stores_nothing()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Satisfied);

        using var response = await PostAsync(host, thanks, ("q", "退休"), ("search", "1"), ("comment", "还没写完"));
        var page = WebUtility.HtmlDecode(await TextAsync(response));

        Assert.Contains("职工正常退休（职）申请", page, StringComparison.Ordinal);
        Assert.Contains("还没写完", page, StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("RatingDetails"));
    }
}
