using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Publishing.Printing;

/// <summary>
/// Checks for a browser that prints reports as PDF. Without a browser, reports are still available as HTML and XLSX.
/// </summary>
internal sealed class PrintingCheck(Browser browser, IOptions<ServiceEvalOptions> options) : Check
{
    public override string Name => "pdf";
    public override string Title => "PDF";

    public override Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        var (path, whyNot) = browser.Find();
        if (path is not null)
            findings.Ok($"用 {path} 打印");
        else if (options.Value.Browser is { Length: > 0 })
            findings.Fault(whyNot!);
        else
            findings.Warning(whyNot!);
        return Task.CompletedTask;
    }
}
