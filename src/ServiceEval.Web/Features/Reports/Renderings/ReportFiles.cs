using System.Text;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>A report as files for people, all rendered from its frozen JSON.</summary>
public sealed class ReportFiles(ReportPages pages)
{
    public async Task<ReportFile> HtmlAsync(WeeklyReport report) =>
        new($"{report.Id}.html", "text/html; charset=utf-8", Encoding.UTF8.GetBytes(await pages.RenderAsync(report)));

    /// <summary>What goes out with a mail, the one to read first.</summary>
    public async Task<IReadOnlyList<ReportFile>> ForMailAsync(WeeklyReport report, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return [await HtmlAsync(report)];
    }
}

/// <param name="Name">Without a folder.</param>
public sealed record ReportFile(string Name, string MediaType, byte[] Content);
