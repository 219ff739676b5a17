using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Browser.Tests.Citizens;

/// <summary>The page with the five faces of a window.</summary>
public sealed class RatePage(IPage page)
{
    public ILocator Faces => page.Locator("button.grade");

    public static async Task<RatePage> OpenAsync(IPage page, TestHost host, string query = "")
    {
        await page.GotoAsync($"/w/{(await host.WindowCodesAsync())[0]}{query}");
        return new(page);
    }

    /// <summary>Taps a face once and returns the thanks page.</summary>
    public async Task<ThanksPage> TapAsync(Grade grade)
    {
        await Face(grade).TapAsync();
        await page.WaitForURLAsync("**/r/*");
        return new(page);
    }

    public ILocator Face(Grade grade) => page.Locator($"button.grade[value^={Words.Wire(grade)}]");

    /// <summary>
    /// Asserts that all five faces are visible without scrolling, complete, and large enough for a thumb.
    /// </summary>
    public async Task AssertAllFacesAreVisibleAsync()
    {
        var (height, width) = (page.ViewportSize!.Height, page.ViewportSize.Width);
        await Assertions.Expect(Faces).ToHaveCountAsync(5);
        Assert.Equal(0, await page.EvaluateAsync<double>("() => scrollY"));
        foreach (var grade in Grades.All)
        {
            var box = (await Face(grade).BoundingBoxAsync())!;
            Assert.True(
                box.X >= 0 && box.Y >= 0 && box.X + box.Width <= width && box.Y + box.Height <= height,
                $"{Words.Of(grade)} ends at {box.X + box.Width}×{box.Y + box.Height} of {width}×{height}"
            );
            Assert.True(box.Height >= 60, $"{Words.Of(grade)} is {box.Height} high");
        }
        var fifth = (await Faces.Nth(4).BoundingBoxAsync())!;
        Assert.InRange(fifth.Y + fifth.Height, 1, height);
        await Assertions.Expect(Faces.Nth(4)).ToHaveTextAsync(new Regex("非常不满意|Very dissatisfied"));
    }
}
