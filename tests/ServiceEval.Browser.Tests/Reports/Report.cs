using System.Net.Http.Json;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Http;

namespace ServiceEval.Browser.Tests.Reports;

public static class Report
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Rates through a week, ends the week, and returns the address of the hall's report.</summary>
    public static async Task<string> OfARatedWeekAsync(TestHost host)
    {
        foreach (var code in await host.WindowCodesAsync())
        {
            for (var i = 0; i < 40; i++)
                await host.RateAsync(GradeOf(i), code);
        }
        host.Clock.Advance(TimeSpan.FromDays(5));
        await host.RestartAsync();
        return await CompiledAsync(host, TestHost.Hall);
    }

    /// <summary>Returns the grade of a rating in a mixture that contains all five grades.</summary>
    public static Grade GradeOf(int i) =>
        (i % 20) switch
        {
            3 => Grade.VeryDissatisfied,
            7 => Grade.Dissatisfied,
            5 or 11 => Grade.BasicallySatisfied,
            1 or 9 or 13 or 17 => Grade.Satisfied,
            _ => Grade.VerySatisfied,
        };

    /// <summary>
    /// Returns the address of the compiled report. The sweep compiles in the background after a start and sends no
    /// signal at the end, so this method polls.
    /// </summary>
    public static async Task<string> CompiledAsync(TestHost host, string scope)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var reports = await host.Client.GetFromJsonAsync<ReportLine[]>(
                "/api/v1/reports",
                Json.Options,
                patience.Token
            );
            if (reports!.FirstOrDefault(r => r.Scope == scope) is { } report)
                return $"/reports/{report.Id}.html";
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }
}
