using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests;

/// <summary>What the tests saw, in artifacts/screenshots, for people to judge.</summary>
public static class Pictures
{
    private static string Folder { get; } =
        Directory.CreateDirectory(Path.Combine(Tools.Root, "artifacts", "screenshots")).FullName;

    /// <summary>Of a page's query, as the tail of a picture's name.</summary>
    public static string Suffix(string query) =>
        query
            .Replace("?lang=", "-", StringComparison.Ordinal)
            .Replace("?view=", "-", StringComparison.Ordinal)
            .Replace("&view=", "-", StringComparison.Ordinal);

    public static string PathOf(string name) => Path.Combine(Folder, name + ".png");

    /// <summary>The whole page, and the path of its picture.</summary>
    public static async Task<string> TakeAsync(IPage page, string name)
    {
        var path = PathOf(name);
        await page.ScreenshotAsync(
            new()
            {
                Path = path,
                FullPage = true,
                Animations = ScreenshotAnimations.Disabled,
            }
        );
        return path;
    }
}
