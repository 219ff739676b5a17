using System.Net;
using ServiceEval.Data.Ratings;
using ServiceEval.Tests.Hosting;
using static ServiceEval.Tests.Ratings.CitizenSteps;

namespace ServiceEval.Tests.Ratings;

/// <summary>What comes after the grade, and never before it: whom to turn to, correction, details.</summary>
public sealed class ThanksPageTests
{
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
            Assert.Contains("12345", page, StringComparison.Ordinal);
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
        Assert.Contains("等了两小时", WebUtility.HtmlDecode(await wrongTag.Content.ReadAsStringAsync(Ct)), StringComparison.Ordinal);
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

    [Fact]
    public async Task An_everyday_word_finds_the_item_and_what_is_not_shown_is_counted()
    {
        using var folder = new Folder();
        Assert.Equal(0, (await TestHost.VerbInAsync(folder.Path, "seed", "puyang")).ExitCode);
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
