using Microsoft.Playwright;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Browser.Tests.Citizens;

public sealed class ThanksPageTests(Chromium chromium)
{
    private const int LeastTarget = 44;
    private const int LeastElderTarget = 60;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_grade_can_be_chosen_again_once(bool script)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Phone with { Script = script });
        var thanks = await (await RatePage.OpenAsync(page, host)).TapAsync(Grade.VeryDissatisfied);
        await thanks.ChooseAgain.ClickAsync();
        await Pictures.TakeAsync(page, $"thanks-choosing-again{(script ? "" : "-without-script")}");
        await thanks.ChooseAgain.ClickAsync();

        await thanks.CorrectAsync(Grade.VerySatisfied);

        await Assertions.Expect(thanks.Given).ToHaveTextAsync("非常满意");
        await Assertions.Expect(thanks.ChooseAgain).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByText("您已从“非常不满意”改选")).ToBeVisibleAsync();
        Assert.Equal(1, await host.CountAsync("Corrections"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Item_tags_and_a_comment_can_be_added_afterwards(bool script)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.SmallPhone with { Script = script });
        var thanks = await (await RatePage.OpenAsync(page, host)).TapAsync(Grade.Dissatisfied);

        await thanks.Comment.FillAsync("等了两小时");
        await thanks.SearchAsync("退休");
        await Assertions.Expect(thanks.Comment).ToHaveValueAsync("等了两小时");
        await Pictures.TakeAsync(page, $"thanks-searched{(script ? "" : "-without-script")}");
        await thanks.PickAsync("职工正常退休（职）申请");
        await thanks.PickAsync("没有提供材料清单");
        await thanks.ShowMoreTagsAsync();
        await thanks.PickAsync("服务态度生硬");
        await thanks.SendAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "您补充的说明" })).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, $"thanks-added{(script ? "" : "-without-script")}");
        foreach (var said in (string[])["职工正常退休（职）申请", "没有提供材料清单", "服务态度生硬", "等了两小时"])
            await Assertions.Expect(page.GetByText(said, new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(1, await host.CountAsync("RatingDetails"));
    }

    [Fact]
    public async Task The_counter_counts_characters_as_people_do_and_501_are_refused_without_losing_one()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.SmallPhone);
        var thanks = await (await RatePage.OpenAsync(page, host)).TapAsync(Grade.Satisfied);
        await Assertions.Expect(thanks.Counter).ToHaveTextAsync("0/500");
        await thanks.Comment.FillAsync("很好👍");
        await Assertions.Expect(thanks.Counter).ToHaveTextAsync("3/500");
        var tooLong = string.Concat(Enumerable.Repeat("𠀀", 501));

        await thanks.Comment.FillAsync(tooLong);
        await Assertions.Expect(thanks.Counter).ToHaveTextAsync("501/500");
        await thanks.SendAsync();
        await Assertions.Expect(thanks.Alert).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, "thanks-too-long");
        await Assertions.Expect(thanks.Comment).ToHaveValueAsync(tooLong);

        await thanks.Comment.FillAsync(tooLong[2..]);
        await thanks.SendAsync();
        await Assertions.Expect(page.GetByText(tooLong[2..])).ToBeVisibleAsync();
        Assert.Equal(1, await host.CountAsync("RatingDetails"));
    }

    [Theory]
    [InlineData("", LeastTarget)]
    [InlineData("?lang=en", LeastTarget)]
    [InlineData("?view=elder", LeastElderTarget)]
    [InlineData("?lang=en&view=elder", LeastElderTarget)]
    public async Task Everything_that_can_be_tapped_is_large_enough(string query, int least)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.SmallPhone);
        var rate = await RatePage.OpenAsync(page, host, query);
        Assert.Empty(await Layout.TargetsBelowAsync(page, least));

        await rate.TapAsync(Grade.BasicallySatisfied);
        foreach (var summary in await page.Locator("summary").AllAsync())
            await summary.ClickAsync();

        await Pictures.TakeAsync(page, $"thanks-open{Pictures.Suffix(query)}");
        await AssertFitAsync();
        foreach (
            var (path, name) in ((string, string)[])
                [
                    ($"/w/{(await host.WindowCodesAsync())[0]}", "asked"),
                    ("/r", "receipt"),
                    ("/h/example", "hall"),
                    ("/w/nowhere", "unknown"),
                ]
        )
        {
            await page.GotoAsync(path + query);
            foreach (var summary in await page.Locator("summary").AllAsync())
                await summary.ClickAsync();
            await Pictures.TakeAsync(page, $"{name}{Pictures.Suffix(query)}");
            await AssertFitAsync();
        }

        async Task AssertFitAsync()
        {
            Assert.Empty(await Layout.TargetsBelowAsync(page, least));
            Assert.Empty(await Layout.CutOffAsync(page));
            Assert.False(await Layout.ScrollsSidewaysAsync(page));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_search_shows_what_it_found_under_the_field_and_the_field_stays_in_sight(bool script)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.SmallPhone with { Script = script });
        var thanks = await (await RatePage.OpenAsync(page, host)).TapAsync(Grade.Satisfied);

        await thanks.SearchAsync("退休");

        var field = (await page.Locator("input[name=q]").BoundingBoxAsync())!;
        var first = (await thanks.Items.First.BoundingBoxAsync())!;
        Assert.InRange(field.Y, 0, 120);
        Assert.InRange(first.Y, field.Y + field.Height, Device.SmallPhone.Height - 44);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Back_after_a_mistap_asks_and_the_change_is_two_taps_away(bool script)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.SmallPhone with { Script = script });
        await (await RatePage.OpenAsync(page, host)).TapAsync(Grade.VeryDissatisfied);
        await page.GoBackAsync();

        await Assertions
            .Expect(page.GetByRole(AriaRole.Heading, new() { Name = "您刚评过“非常不满意”。改选，还是再评一次？" }))
            .ToBeVisibleAsync();
        await Pictures.TakeAsync(page, $"asked{(script ? "" : "-without-script")}");
        await page.GetByText("改选", new() { Exact = true }).TapAsync();
        await page.Locator("details[open] button.grade").First.TapAsync();
        await page.WaitForURLAsync("**/r/*");

        await Assertions.Expect(new ThanksPage(page).Given).ToHaveTextAsync("非常满意");
        Assert.Equal(1, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task Large_text_is_large_on_every_page()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:IcpNumber", "豫ICP备00000000号-1"),
            ("ServiceEval:PoliceNumber", "豫公网安备00000000000000号")
        );
        var page = await chromium.OpenAsync(host, Device.SmallPhone);
        var rate = await RatePage.OpenAsync(page, host, "?view=elder");
        await AssertLargeAsync();
        await rate.TapAsync(Grade.VerySatisfied);
        foreach (var summary in await page.Locator("summary").AllAsync())
            await summary.ClickAsync();
        await AssertLargeAsync();
        foreach (var path in (string[])["/h/example", "/privacy", "/w/nowhere", "/r"])
        {
            await page.GotoAsync(path + "?view=elder");
            await AssertLargeAsync();
        }

        async Task AssertLargeAsync()
        {
            Assert.Empty(await Layout.SmallerThanAsync(page, 18));
            Assert.True(await Layout.LargestTextAsync(page) >= 30, $"{page.Url} has no text of 30 px");
        }
    }

    [Fact]
    public async Task English_is_English_but_for_names()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Phone);
        await (await RatePage.OpenAsync(page, host, "?lang=en")).TapAsync(Grade.Satisfied);

        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Assertions
            .Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Thank you, your rating is stored" }))
            .ToBeVisibleAsync();
        var chinese = await page.Locator("h1, h2, summary, button, label.pick:has([type=checkbox]), .given")
            .Filter(new() { HasTextRegex = new(@"[\u4e00-\u9fff]") })
            .AllInnerTextsAsync();
        Assert.Empty(chinese);
    }
}
