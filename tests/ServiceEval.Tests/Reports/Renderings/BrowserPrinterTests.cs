using System.Diagnostics;
using System.Text;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Reports.Renderings;

public sealed class BrowserPrinterTests
{
    private const string Prints = "printf '%%PDF-1.4' > \"$pdf\"";
    private const string Page =
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>周报</title></head><body><h1>示例县“好差评”周报</h1><script>document.write('脚本运行了')</script></body></html>";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_systems_browser_prints_a_page_with_every_font_in_it_and_runs_no_script()
    {
        using var printer = FakeBrowser.Printer(null);
        using var folder = new Folder();

        var (pdf, whyNot) = await printer.PrintAsync(Page, Ct);

        Assert.Null(whyNot);
        Assert.Null(printer.Trouble);
        var file = Path.Combine(folder.Path, "report.pdf");
        await File.WriteAllBytesAsync(file, pdf!, Ct);
        var text = await SaidByAsync("pdftotext", file, "-");
        Assert.Contains("示例县“好差评”周报", text, StringComparison.Ordinal);
        Assert.DoesNotContain("脚本运行了", text, StringComparison.Ordinal);
        var fonts = (await SaidByAsync("pdffonts", file)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.NotEmpty(fonts);
        // From the right: emb, sub, uni and the two numbers of the object.
        Assert.All(fonts, line => Assert.Equal("yes", line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^5]));
        Assert.Contains("Pages:           1\n", await SaidByAsync("pdfinfo", file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_does_not_end_is_ended_with_all_it_started_and_leaves_no_files()
    {
        using var browser = new FakeBrowser(
            "echo $$ > $here/own; dirname \"$pdf\" > $here/folder; sleep 300 & echo $! > $here/child; wait"
        );
        using var printer = FakeBrowser.Printer(browser.Path, TimeSpan.FromSeconds(2));

        var (pdf, whyNot) = await printer.PrintAsync(Page, Ct);

        Assert.Null(pdf);
        Assert.Equal("浏览器没有在2秒内打印完，这次没有生成PDF，请稍后再试。", whyNot);
        Assert.Equal(whyNot, printer.Trouble);
        foreach (var process in (string[])["own", "child"])
            Assert.False(FakeBrowser.IsRunning(browser.Left(process)));
        Assert.False(Directory.Exists(browser.Left("folder")));
    }

    [Theory]
    [InlineData("echo secret >&2; exit 3")]
    [InlineData("exit 0")]
    [InlineData("echo nonsense > \"$pdf\"")]
    public async Task A_browser_that_fails_is_told_in_a_sentence_without_its_own_words(string script)
    {
        using var browser = new FakeBrowser(script);
        using var printer = FakeBrowser.Printer(browser.Path);

        Assert.Equal((null, "浏览器没有打印成功，这次没有生成PDF，原因见日志。"), await printer.PrintAsync(Page, Ct));
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_told_in_the_same_sentence()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "chromium");
        await File.WriteAllTextAsync(path, "no program", Ct);
        using var printer = FakeBrowser.Printer(path);

        Assert.StartsWith("浏览器没有打印成功", (await printer.PrintAsync(Page, Ct)).WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configured_browser_that_does_not_exist_is_not_replaced_by_another()
    {
        using var printer = FakeBrowser.Printer("/nowhere/chromium");

        Assert.Contains(
            "“/nowhere/chromium”不存在",
            (await printer.PrintAsync(Page, Ct)).WhyNot,
            StringComparison.Ordinal
        );
        Assert.False(printer.CanPrint);
    }

    [Fact]
    public async Task The_browser_gets_a_private_folder_and_none_of_our_settings()
    {
        Environment.SetEnvironmentVariable("ServiceEval__PrinterTest", "secret");
        using var browser = new FakeBrowser(
            $"env > $here/env; stat -c %a \"$(dirname \"$pdf\")\" > $here/mode; echo \"$@\" > $here/arguments; {Prints}"
        );
        using var printer = FakeBrowser.Printer(browser.Path);

        Assert.NotNull((await printer.PrintAsync(Page, Ct)).Pdf);

        Assert.Equal("700", browser.Left("mode"));
        Assert.DoesNotContain("secret", browser.Left("env"), StringComparison.Ordinal);
        Assert.Equal(
            Environment.IsPrivilegedProcess,
            browser.Left("arguments").Contains("--no-sandbox", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Requests_for_one_page_share_a_printing_and_other_pages_are_printed_one_after_another()
    {
        using var browser = new FakeBrowser(
            $"mkdir $here/busy || exit 1; echo x >> $here/count; sleep 0.2; rmdir $here/busy; {Prints}"
        );
        using var printer = FakeBrowser.Printer(browser.Path);

        var first = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => printer.PrintAsync(Page, Ct)));
        var others = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(i => printer.PrintAsync(Page.Replace("周报", $"周报{i}", StringComparison.Ordinal), Ct))
        );

        Assert.All(first.Concat(others), p => Assert.Equal("%PDF-1.4"u8.ToArray(), p.Pdf));
        Assert.Equal(3, browser.Left("count").Split('\n').Length);
    }

    [Fact]
    public async Task A_printing_removes_what_one_that_was_killed_an_hour_ago_has_left()
    {
        using var left = new LeftBehind("serviceeval-pdf-");
        using var browser = new FakeBrowser(Prints);
        using var printer = FakeBrowser.Printer(browser.Path);

        Assert.NotNull((await printer.PrintAsync(Page, Ct)).Pdf);

        left.AssertOnlyOldIsGone();
    }

    private static async Task<string> SaidByAsync(params string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.UTF8,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return output;
    }
}
