using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Simulator;

/// <summary>Runs <c>simulate --history</c>, which writes an import file.</summary>
internal static class HistoryRun
{
    public static async Task<int> RunAsync(
        IServiceProvider services,
        IReadOnlyList<HallEntry> halls,
        SimulationOptions options,
        ParseResult parsed,
        CancellationToken ct
    )
    {
        if (parsed.GetValue(options.UnlessImported) && await HasImportedAsync(services, ct))
            return 0;
        var time = services.GetRequiredService<TimeProvider>();
        var period = new HistoryPeriod(
            parsed.GetValue(options.History)!.Value,
            parsed.GetValue(options.Until),
            time.GetUtcNow()
        );
        var incidents = new Incidents(
            parsed.GetValue(options.BadWeek),
            parsed.GetValue(options.Outage),
            SimulationCommand.StuffedWindow(halls, parsed.GetValue(options.Stuffing))
        );
        Check(period, halls, incidents);

        var (path, seed) = (parsed.GetRequiredValue(options.Out)!, parsed.GetValue(options.Seed));
        var history = new History(
            period,
            halls,
            halls.ToDictionary(h => h.Id, HoursOf),
            services.GetRequiredService<WorkCalendar>(),
            seed,
            parsed.GetValue(options.PerWeek),
            incidents
        );
        var file = new HistoryFile(path, seed);
        using var progress = new Progress(time, () => $"已生成 {file.Written} 条评价。");
        Console.WriteLine(await file.WriteAsync(history.Ratings(), ct));
        progress.Done();
        return 0;
    }

    private static Task<bool> HasImportedAsync(IServiceProvider services, CancellationToken ct) =>
        services
            .GetRequiredService<IReadSnapshot>()
            .ReadAsync((db, token) => db.TalliesByHour.AnyAsync(t => t.Tier == Tier.Imported, token), ct);

    private static void Check(HistoryPeriod period, IReadOnlyList<HallEntry> halls, Incidents incidents)
    {
        if (halls.FirstOrDefault(h => period.LastOf(h) > period.YesterdayOf(h)) is { } ahead)
            throw new OperatorException(
                $"--until {Iso(period.LastOf(ahead))} 还没有过完：最晚为{ahead.Name}当地的昨天，即 {Iso(period.YesterdayOf(ahead))}。"
            );
        if (incidents.Outage is { } outage && !halls.Any(h => period.Holds(h, outage)))
            throw new OperatorException($"--outage {Iso(outage)} 不在这段历史之内（{Range(halls[0])}）。");
        if (
            incidents.BadWeek is { } week
            && (week.Sunday < period.FirstOf(halls[0]) || week.Monday > period.LastOf(halls[0]))
        )
            throw new OperatorException($"--bad-week {week} 不在这段历史之内（{Range(halls[0])}）。");

        string Range(HallEntry hall) => $"{Iso(period.FirstOf(hall))} 至 {Iso(period.LastOf(hall))}";
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static OpeningHours HoursOf(HallEntry hall)
    {
        var text = hall.Hall.OpeningHours;
        if (OpeningHours.TryParse(text, out var hours))
            return hours;
        var what = text.Length == 0 ? "没有写明" : $"“{text}”无法识别";
        Console.Error.WriteLine($"{hall.Name}的开放时间{what}，按周一至周五 9:00 至 17:00 生成。");
        return OpeningHours.Usual;
    }
}
