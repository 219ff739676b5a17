using Microsoft.Extensions.DependencyInjection;
using ServiceEval.Benchmarks.Servers;
using ServiceEval.Core.Calendar;
using ServiceEval.Tests.Reports.Privacy;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Simulates eight weeks of the sample county with all their reports, and an attacker who has all these reports. It
/// counts the groups of fewer ratings than a cohort whose grades the figures determine, and the figures with grades
/// that are shown.
/// </summary>
internal static class PrivacyFigure
{
    private const int Weeks = 8;
    private const int PerWeek = 3000;
    private const int Cohort = 5;
    private const int MinimumN = 30;
    private const int Trials = 8;

    public static async Task RunAsync(bool json)
    {
        await using var installation = await Installation.CreateAsync();
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder();
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(
            builder.Configuration,
            [new("ServiceEval:DataDirectory", installation.DataDirectory)]
        );
        await using var app = Web.Program.Compose(builder).Build();
        await app.Services.GetRequiredService<HallDirectory>().RefreshAsync(CancellationToken.None);
        var directory = app.Services.GetRequiredService<HallDirectory>().Current;
        var calendar = app.Services.GetRequiredService<WorkCalendar>();

        var county = new SimulatedCounty(directory, Weeks, PerWeek, Seed: 1, Late: 0) { IsImported = true };
        var published = new PublishedHistory(directory, calendar, Cohort, MinimumN).Publish(county.Voters(calendar));
        var groups = 0;
        foreach (var week in published.GroupBy(p => p.Report.Week))
        {
            List<PublishedReport> ofItsWeek = [.. week.Select(p => p with { Report = OfItsWeek(p.Report) })];
            var found = Attack.Run(ofItsWeek, directory, Cohort, Trials);
            Figure.Say(
                $"privacy: {week.Key}: {found.Count} groups, {week.Sum(p => Tests.Reports.Privacy.Figures.Shown(p.Report)):N0} figures with grades"
            );
            groups += found.Count;
        }
        Figure.Print(
            new
            {
                name = "privacy",
                groups,
                shown = published.Sum(p => Tests.Reports.Privacy.Figures.Shown(p.Report)),
                reports = published.Count,
            },
            json
        );
    }

    /// <summary>
    /// Returns the report without spans and comparisons. They would join all weeks to one linear system that is too
    /// large for a benchmark. A test attacks the spans and comparisons of small counties.
    /// </summary>
    private static WeeklyReport OfItsWeek(WeeklyReport report) =>
        report with
        {
            FourWeeks = null,
            Changes = new(null, null, null, null),
            Halls = [.. report.Halls.Select(row => row with { FourWeeks = null })],
            Windows = [.. report.Windows.Select(row => row with { FourWeeks = null })],
            Departments = [.. report.Departments.Select(row => row with { FourWeeks = null })],
            Items = [.. report.Items.Select(row => row with { FourWeeks = null })],
        };
}
