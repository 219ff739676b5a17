using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceEval.Web.Features.Ratings.Pages;

namespace ServiceEval.Web.Features.Upkeep.Pages;

/// <summary>Where the operator begins, in the server's own browser.</summary>
internal sealed class StartPages(HealthCheckService health, Doctor doctor, PageRenderer renderer)
{
    /// <param name="examine">Also what <c>doctor</c> finds, which takes a while.</param>
    public async Task<IResult> ShowAsync(bool examine, HttpContext http, CancellationToken ct)
    {
        var ready = (await health.CheckHealthAsync(ct)).Status == HealthStatus.Healthy;
        IReadOnlyList<string>? examined = examine ? [.. (await doctor.ExamineAsync(ct)).Checks.Select(c => c.Line)] : null;
        return PageRenderer.Answer(http, await renderer.RenderAsync<StartPage>(
            (nameof(StartPage.Ready), ready), (nameof(StartPage.Examined), examined)));
    }
}
