using Microsoft.Playwright;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Browser.Tests.Citizens;

/// <summary>The page after the tap: the stored grade, the correction, and the details.</summary>
public sealed class ThanksPage(IPage page)
{
    public ILocator Given => page.Locator(".given");
    public ILocator ChooseAgain => page.GetByText("按错了？重新选");
    public ILocator Items => page.Locator("input[name=item]");
    public ILocator Comment => page.Locator("textarea[name=comment]");
    public ILocator Counter => page.Locator("#count");
    public ILocator Alert => page.GetByRole(AriaRole.Alert);

    public async Task CorrectAsync(Grade grade)
    {
        await ChooseAgain.ClickAsync();
        await page.Locator($"button.grade[value^={Words.Wire(grade)}]").ClickAsync();
    }

    public async Task SearchAsync(string words)
    {
        await page.Locator("input[name=q]").FillAsync(words);
        await page.GetByRole(AriaRole.Button, new() { Name = "搜索", Exact = true }).ClickAsync();
    }

    public Task PickAsync(string text) => page.Locator("label.pick", new() { HasText = text }).ClickAsync();

    public Task ShowMoreTagsAsync() => page.Locator("summary", new() { HasText = "更多" }).ClickAsync();

    public Task SendAsync() => page.GetByRole(AriaRole.Button, new() { Name = "提交说明" }).ClickAsync();
}
