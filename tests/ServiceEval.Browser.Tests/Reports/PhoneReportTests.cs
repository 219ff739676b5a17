using ServiceEval.Tests.Reports;

namespace ServiceEval.Browser.Tests.Reports;

/// <summary>
/// The report on a phone of 360 pixels: what is too wide scrolls by itself, and no column is a character wide.
/// </summary>
public sealed class PhoneReportTests(Chromium chromium)
{
    /// <summary>
    /// Cells below the heads whose text stands in lines of three characters or fewer, though it has more than six.
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
