using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceEval.Web.Components;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Upkeep.Pages;

/// <summary>The start page for the operator. It opens only in a browser on the server itself.</summary>
internal sealed class StartPages(HealthCheckService health, Doctor doctor, PageRenderer renderer)
{
    /// <param name="examine">True to show the results of <c>doctor</c> too, which takes some time.</param>
    public async Task<IResult> ShowAsync(bool examine, HttpContext http, CancellationToken ct)
    {
        var report = await health.CheckHealthAsync(ct);
        IReadOnlyList<string>? examined = examine
            ? [.. (await doctor.ExamineAsync(ct)).Checks.Select(c => c.Line)]
            : null;
        return PageRenderer.Answer(
            http,
            await renderer.RenderAsync<StartPage>(
                (nameof(StartPage.Obstacles), Obstacles(report)),
                (nameof(StartPage.Examined), examined)
            )
        );
    }

    /// <summary>
    /// Returns one sentence for each reason why no rating can be stored now. The technical details are in the logs.
    /// </summary>
    private static IReadOnlyList<string> Obstacles(HealthReport report) =>
        [
            .. report
                .Entries.Where(e => e.Value.Status != HealthStatus.Healthy)
                .Select(e =>
                    e.Key == DatabaseHealth.Name ? "数据库没有应答。" : e.Value.Description ?? $"{e.Key} 没有就绪。"
                ),
        ];
}
