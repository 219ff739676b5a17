using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests.Halls;

public sealed class SheetTests(Chromium chromium)
{
    private const string PublicUrl = "https://hcp.example.gov.cn";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_printed_code_leads_to_the_public_address()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:PublicUrl", PublicUrl));
        var page = await chromium.OpenAsync(host, Device.Paper);
        foreach (var code in await host.WindowCodesAsync())
        {
            await page.GotoAsync($"/w/{code}/sheet");
            var picture = await Pictures.TakeAsync(
                page,
                $"sheet-{(code == (await host.WindowCodesAsync())[0] ? 1 : 2)}"
            );

            Assert.Equal($"{PublicUrl}/w/{code}", await QrCode.ReadAsync(picture));
            await Assertions.Expect(page.GetByText("请核对网址：hcp.example.gov.cn")).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("演示，勿张贴")).ToHaveCountAsync(0);
            Assert.Empty(await Layout.CutOffAsync(page));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://localhost:5080")]
    public async Task A_sheet_that_only_this_machine_could_follow_says_so_across_the_page(string? publicUrl)
    {
        await using var host = await TestHost.StartAsync(
            publicUrl is null ? [] : [("ServiceEval:PublicUrl", publicUrl)]
        );
        var page = await chromium.OpenAsync(host, Device.Paper);
        var code = (await host.WindowCodesAsync())[0];
        await page.GotoAsync($"/w/{code}/sheet");

        await Assertions.Expect(page.GetByText("演示，勿张贴")).ToBeVisibleAsync();
        var picture = await Pictures.TakeAsync(page, "sheet-for-show");
        Assert.EndsWith($"/w/{code}", await QrCode.ReadAsync(picture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pictures_of_a_code_can_be_read_too()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:PublicUrl", PublicUrl));
        var page = await chromium.OpenAsync(host, Device.Paper);
        var code = (await host.WindowCodesAsync())[0];
        await File.WriteAllBytesAsync(
            Pictures.PathOf("qr-png"),
            await host.Client.GetByteArrayAsync($"/w/{code}/qr.png", Ct),
            Ct
        );
        Assert.Equal($"{PublicUrl}/w/{code}", await QrCode.ReadAsync(Pictures.PathOf("qr-png")));

        foreach (var (path, name) in ((string, string)[])[($"/w/{code}", "qr-svg"), ("/h/example", "qr-hall")])
        {
            await page.SetContentAsync(await host.Client.GetStringAsync($"{path}/qr.svg", Ct));
            Assert.Equal(PublicUrl + path, await QrCode.ReadAsync(await Pictures.TakeAsync(page, name)));
        }
    }

    [Fact]
    public async Task All_sheets_of_a_hall_print_on_a_page_each_and_every_code_leads_to_its_window()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:PublicUrl", PublicUrl));
        var page = await chromium.OpenAsync(host, Device.Paper);
        await page.GotoAsync("/h/example/sheets");
        var codes = await host.WindowCodesAsync();

        Assert.Equal(codes.Count, await Print.PagesAsync(page, "sheets"));
        foreach (var (code, i) in codes.Select((c, i) => (c, i)))
        {
            await page.Locator(".qr").Nth(i).ScreenshotAsync(new() { Path = Pictures.PathOf($"sheets-{i + 1}") });
            Assert.Equal($"{PublicUrl}/w/{code}", await QrCode.ReadAsync(Pictures.PathOf($"sheets-{i + 1}")));
        }
    }

    [Fact]
    public async Task A_sheet_is_one_printed_page()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Paper);
        await page.GotoAsync($"/w/{(await host.WindowCodesAsync())[0]}/sheet");

        Assert.Equal(1, await Print.PagesAsync(page, "sheet"));
    }
}
