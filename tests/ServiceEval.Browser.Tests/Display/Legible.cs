using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests.Display;

/// <summary>Asserts that the people in a hall can read its screen.</summary>
internal static class Legible
{
    /// <summary>
    /// Selects the rate, the numbers and rates of the tiles, and the words of the grades. Percent signs may be smaller.
    /// </summary>
    private const string FromEightMetres =
        "[data-testid=rate], .tile .number, .tile:not(.few) .rate, .grades li > span, .grades strong";

    /// <summary>Takes a picture, and asserts that no text is cut off or too small.</summary>
    public static async Task AssertWholeAsync(IPage page, Device device, string picture)
    {
        await Pictures.TakeAsync(page, picture);
        Assert.False(await Layout.ScrollsAsync(page));
        Assert.Empty(await Layout.OffScreenAsync(page));
        Assert.Empty(await Layout.CutOffAsync(page));
        await AssertReadableAsync(page, device);
    }

    /// <summary>
    /// Asserts that the text can be read from the distance. On 55 inches a pixel is 0.63 mm, and letters need 1/250 of
    /// the distance. An upright screen is as wide as a horizontal screen is high.
    /// </summary>
    public static async Task AssertReadableAsync(IPage page, Device device)
    {
        var scale = Math.Min(device.Width, device.Height) / 1080.0;
        Assert.Empty(await Layout.SmallerThanAsync(page, 24 * scale));
        Assert.Empty(await Layout.SmallerThanAsync(page, 32 * scale, "body > :not(footer)"));
        var small = await Layout.SmallerThanAsync(page, 50 * scale, FromEightMetres);
        Assert.DoesNotContain(small, text => !text.StartsWith("span.percent", StringComparison.Ordinal));
        Assert.Empty(await Layout.ShortRowsAsync(page, ".tile"));
    }
}
