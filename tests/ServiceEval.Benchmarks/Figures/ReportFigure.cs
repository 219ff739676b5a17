using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;
using ServiceEval.Core.Calendar;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures the time to read, compile and freeze the county's report of the same week of 20,000 ratings with 5,000,000
/// ratings of history ÷ the same with 100,000, in alternating rounds. The history consists of more weeks of the same
/// size, 250 against 5. The figure also has the time of the whole command with the long history, including its start,
/// pages and files.
/// </summary>
internal static class ReportFigure
{
    private const int ShortHistory = 100_000;
    private const int LongHistory = 5_000_000;
    private const int WeekOfRatings = 20_000;
    private const int PerBlock = 1_000;
    private const int Rounds = 9;

    private static readonly IsoWeek Week = IsoWeek.Parse("2026-W47");

    public static async Task RunAsync(bool json)
    {
        await using var brief = await CreateAsync(ShortHistory);
        await using var large = await CreateAsync(LongHistory);
        await using var few = await CountyAsync(brief);
        await using var many = await CountyAsync(large);

        var rounds = new List<(double Few, double Many)>();
        for (var i = 0; i <= Rounds; i++)
        {
            var (one, other) = (await few.SecondsAsync(), await many.SecondsAsync());
            Figure.Say(
                $"report: {other * 1000:N0} ms with {LongHistory:N0}, {one * 1000:N0} ms with {ShortHistory:N0}, ratio {other / one:N2}{(i == 0 ? " (warm-up)" : "")}"
            );
            if (i > 0)
                rounds.Add((one, other));
        }

        var start = Stopwatch.GetTimestamp();
        await large.CommandAsync(
            "report",
            "weekly",
            "--week",
            Week.ToString(),
            "--out",
            Path.Combine(large.DataDirectory, "out")
        );
        var verb = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Figure.Print(
            new
            {
                name = "report",
                ratio = Figure.Round(Figure.Median(rounds.Select(r => r.Many / r.Few))),
                seconds = Figure.Round(Figure.Median(rounds.Select(r => r.Many))),
                secondsShort = Figure.Round(Figure.Median(rounds.Select(r => r.Few))),
                verbSeconds = Figure.Round(verb),
                ratings = many.N,
                jsonBytes = many.Bytes,
            },
            json
        );
    }

    private static async Task<Installation> CreateAsync(int history)
    {
        var installation = await Installation.CreateAsync();
        var sundayBefore = History.LastDay.AddDays(-5);
        await History.WriteAsync(
            installation.DatabasePath,
            history,
            PerBlock,
            sundayBefore,
            history / WeekOfRatings * 7,
            n => Figure.Say($"report: {n:N0} of {history:N0} ratings of history")
        );
        await History.WriteAsync(installation.DatabasePath, WeekOfRatings, PerBlock, History.LastDay, 5, _ => { });
        return installation;
    }

    private static async Task<CountyReport> CountyAsync(Installation installation)
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder();
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(
            builder.Configuration,
            [new("ServiceEval:DataDirectory", installation.DataDirectory)]
        );
        var app = Web.Program.Compose(builder).Build();
        await app.Services.GetRequiredService<HallDirectory>().RefreshAsync(CancellationToken.None);
        return new CountyReport(app.Services, app);
    }

    private sealed class CountyReport(IServiceProvider services, IAsyncDisposable host) : IAsyncDisposable
    {
        public int N { get; private set; }
        public int Bytes { get; private set; }

        public async Task<double> SecondsAsync()
        {
            var directory = services.GetRequiredService<HallDirectory>().Current;
            var scope = ReportScope.Root(directory);
            var start = Stopwatch.GetTimestamp();
            var state = await services
                .GetRequiredService<ReportShelf>()
                .ReadAsync(Week, [scope], CancellationToken.None);
            var report = services
                .GetRequiredService<ReportCompiler>()
                .Compile(scope, state.Rows, state.Context!, directory, 1);
            var text = report.Freeze().Json;
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            (N, Bytes) = (report.N, text.Length);
            if (report.N != WeekOfRatings || report.Changes.LastWeek is null)
                throw new InvalidOperationException($"{report.N} ratings: {report.Changes.WhyNotLastWeek}");
            return seconds;
        }

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}
