using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests;

public static partial class Print
{
    /// <summary>Prints on the paper size that the page asks for and returns the number of sheets.</summary>
    public static async Task<int> PagesAsync(IPage page, string name)
    {
        var pdf = await page.PdfAsync(
            new()
            {
                PreferCSSPageSize = true,
                PrintBackground = true,
                Path = Path.ChangeExtension(Pictures.PathOf(name), "pdf"),
            }
        );
        return PageObjects().Count(Encoding.Latin1.GetString(pdf));
    }

    [GeneratedRegex(@"/Type\s*/Page\b")]
    private static partial Regex PageObjects();
}
