using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests;

/// <summary>Pictures of the tested pages in artifacts/screenshots, for people to judge.</summary>
public static class Pictures
{
    private static string Folder { get; } =
        Directory.CreateDirectory(Path.Combine(Tools.Root, "artifacts", "screenshots")).FullName;

    /// <summary>Returns the end of a picture's name for the query of a page.</summary>
    public static string Suffix(string query) =>
        query
            .Replace("?lang=", "-", StringComparison.Ordinal)
            .Replace("?view=", "-", StringComparison.Ordinal)
            .Replace("&view=", "-", StringComparison.Ordinal);

    public static string PathOf(string name) => Path.Combine(Folder, name + ".png");

    /// <summary>Takes a picture of the whole page and returns the path of the picture.</summary>
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
