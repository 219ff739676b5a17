using Microsoft.Playwright;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Browser.Tests.Citizens;

public sealed class RatingOnAPhoneTests(Chromium chromium)
{
    public static TheoryData<string> Phones => [.. Devices.Keys];

    private static Dictionary<string, Device> Devices { get; } =
        ((Device[])[Device.SmallPhone, Device.Phone, Device.WeChat, Device.Alipay, Device.WithoutScript]).ToDictionary(
            d => d.Name
        );

    [Theory]
    [MemberData(nameof(Phones))]
    public async Task All_five_faces_are_in_view_and_one_tap_on_the_fifth_is_stored(string phone)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Devices[phone]);
        var rate = await RatePage.OpenAsync(page, host);
        await Pictures.TakeAsync(page, $"rate-{phone}");
        await rate.AssertAllFacesAreVisibleAsync();
        Assert.Empty(await Layout.BadBreaksAsync(page));

        var thanks = await rate.TapAsync(Grade.VeryDissatisfied);

        await Assertions.Expect(thanks.Given).ToHaveTextAsync("非常不满意");
        await Pictures.TakeAsync(page, $"thanks-{phone}");
        Assert.Equal(
            (long)Grade.VeryDissatisfied,
            Assert.Single(await host.QueryAsync("SELECT Grade FROM Ratings"))[0]
        );
    }

    [Theory]
    [InlineData("?view=elder")]
    [InlineData("?lang=en")]
    [InlineData("?lang=en&view=elder")]
    public async Task The_other_views_show_all_five_faces_too(string query)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.SmallPhone);
        var rate = await RatePage.OpenAsync(page, host, query);

        await Pictures.TakeAsync(page, $"rate{Pictures.Suffix(query)}-{Device.SmallPhone.Name}");
        await rate.AssertAllFacesAreVisibleAsync();
        Assert.Empty(await Layout.CutOffAsync(page));
    }

    [Theory]
    [InlineData(TextSize.ByBrowser)]
    [InlineData(TextSize.ByApp)]
    public async Task All_five_faces_stay_in_view_with_text_half_as_large_again(TextSize way)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.SmallPhone);
        var rate = await RatePage.OpenAsync(page, host);

        await EnlargeAsync(page, way, 150);

        await rate.AssertAllFacesAreVisibleAsync();
        Assert.False(await Layout.ScrollsSidewaysAsync(page));
        await TakePictureAsync(page, way, "rate-150");
    }

    [Theory]
    [InlineData(TextSize.ByBrowser)]
    [InlineData(TextSize.ByApp)]
    public async Task Nothing_is_cut_off_and_nothing_scrolls_sideways_with_text_twice_as_large(TextSize way)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.SmallPhone);
        var rate = await RatePage.OpenAsync(page, host);
        await EnlargeAsync(page, way, 200);
        await AssertReadableAsync("rate-200");

        await rate.TapAsync(Grade.Dissatisfied);
        // The browser keeps its own setting on the next page. The app writes its text size into every page.
        if (way == TextSize.ByApp)
            await EnlargeAsync(page, way, 200);
        await page.EvaluateAsync(
            "widest => { document.querySelector('.receipt').textContent = widest; }",
            "WWWW-WWWW-WWWW-WWWW"
        );
        await AssertReadableAsync("thanks-200");

        async Task AssertReadableAsync(string picture)
        {
            Assert.Empty(await Layout.CutOffAsync(page));
            Assert.False(await Layout.ScrollsSidewaysAsync(page));
            await TakePictureAsync(page, way, picture);
        }
    }

    public enum TextSize
    {
        /// <summary>The browser's own setting. Sizes in rem follow it.</summary>
        ByBrowser,

        /// <summary>WeChat's setting. WeChat writes it into the page.</summary>
        ByApp,
    }

    /// <summary>
    /// Takes a picture if the text size comes from the app. A picture of a whole page resets the browser's own text
    /// size, so the picture must come last.
    /// </summary>
    private static Task TakePictureAsync(IPage page, TextSize way, string name) =>
        way == TextSize.ByApp ? Pictures.TakeAsync(page, name) : Task.CompletedTask;

    private static async Task EnlargeAsync(IPage page, TextSize way, int percent)
    {
        var before = await GlyphAsync(page);
        if (way == TextSize.ByApp)
        {
            await page.EvaluateAsync(
                "percent => { document.body.style.webkitTextSizeAdjust = percent + '%'; }",
                percent
            );
        }
        else
        {
            var session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync(
                "Page.setFontSizes",
                new() { ["fontSizes"] = new { standard = 16 * percent / 100 } }
            );
        }
        Assert.Equal(percent / 100.0, await GlyphAsync(page) / before, 0.05);
    }

    /// <summary>Returns the drawn width of the question's first character.</summary>
    private static Task<double> GlyphAsync(IPage page) =>
        page.EvaluateAsync<double>(
            """
            () => {
              const range = document.createRange();
              range.setStart(document.querySelector('h1').firstChild, 0);
              range.setEnd(document.querySelector('h1').firstChild, 1);
              return range.getBoundingClientRect().width;
            }
            """
        );
}
