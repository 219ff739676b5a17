using ServiceEval.Tests.Reports;

namespace ServiceEval.Browser.Tests.Reports;

/// <summary>
/// Tests the report on a phone of 360 pixels. An element that is too wide must scroll by itself, and no column may be
/// as narrow as one character.
/// </summary>
public sealed class PhoneReportTests(Chromium chromium)
{
    /// <summary>
    /// Selects cells below the head whose text has more than six characters and stands in lines of three characters or
    /// fewer.
    /// </summary>
    private const string Narrow = """
        () => [...document.querySelectorAll('tbody th, tbody td')].filter(cell => cell.checkVisibility() && cell.textContent.trim().length > 6).filter(cell => {
          const range = document.createRange();
          range.selectNodeContents(cell);
          const lines = new Set([...range.getClientRects()].map(box => Math.round(box.bottom)));
          return cell.textContent.trim().length / lines.size <= 3;
        }).map(cell => cell.textContent.trim().slice(0, 40))
        """;

    [Theory]
    [InlineData("county")]
    [InlineData("hall")]
    public async Task A_report_can_be_read_on_a_phone(string name)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.SmallPhone);
        await page.GotoAsync(
            await Shelf.PutAsync(host, name == "county" ? SampleReport.County : SampleReport.LargeHall)
        );

        await Pictures.TakeAsync(page, $"report-phone-{name}");
        Assert.False(await Layout.ScrollsSidewaysAsync(page));
        Assert.Empty(await page.EvaluateAsync<string[]>(Narrow));
    }
}
