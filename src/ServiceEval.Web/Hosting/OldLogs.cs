using System.Globalization;
using ServiceEval.Web.Features.Ledger;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Removes the log files that need not be kept any more. Not by the clock alone: one that is ahead would remove all of
/// them. By the ledger's time or, before there is one, by the newest of the earlier files. No job of Hangfire's, which
/// one node runs for all: each node has its own files.
/// </summary>
internal sealed partial class OldLogs(
    ProvenTime proven,
    TimeProvider time,
    IConfiguration configuration,
    ILogger<OldLogs> logger
) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromHours(1);

    /// <summary>The law wants six months, of which the longest have 184 days.</summary>
    private const int DaysKept = 184;

    /// <summary>A server that never runs for an hour has old files too.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RemoveAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RemoveAsync(stoppingToken);
    }

    private async Task RemoveAsync(CancellationToken ct)
    {
        try
        {
            await LookAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.NotLooked(logger, e);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        if (Logs.FileDirectory(configuration) is not { } folder || !Directory.Exists(folder))
            return;
        var files = Directory
            .EnumerateFiles(folder, $"{Logs.FilePrefix}*.log")
            .Select(path => (Path: path, Day: DayOf(path)))
            .Where(file => file.Day is not null)
            .ToList();
        if (await ReachedAsync(files.ConvertAll(file => file.Day!.Value), ct) is not { } reached)
            return;
        foreach (var (path, day) in files)
        {
            if (day < reached.AddDays(-DaysKept))
                Remove(path);
        }
    }

    private async Task<DateOnly?> ReachedAsync(List<DateOnly> days, CancellationToken ct)
    {
        // As the files are named.
        var today = DateOnly.FromDateTime(time.GetLocalNow().DateTime);
        if (await proven.NowAsync(ct) is { } now)
            return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, time.LocalTimeZone).DateTime);
        var earlier = days.FindAll(day => day < today);
        return earlier.Count == 0 ? null : earlier.Max().AddDays(1);
    }

    private void Remove(string path)
    {
        try
        {
            File.Delete(path);
            Log.Removed(logger, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(logger, path, e);
        }
    }

    /// <summary>The sink names a file by its day, and by a number where the day has more than one.</summary>
    private static DateOnly? DayOf(string path) =>
        DateOnly.TryParseExact(
            Path.GetFileNameWithoutExtension(path)[Logs.FilePrefix.Length..].Split('_')[0],
            "yyyyMMdd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        )
            ? day
            : null;

    private static partial class Log
    {
        [LoggerMessage(9021, LogLevel.Information, "Old log file {Path} removed")]
        public static partial void Removed(ILogger logger, string path);

        [LoggerMessage(9023, LogLevel.Warning, "Old log files were not looked for; trying again in an hour")]
        public static partial void NotLooked(ILogger logger, Exception exception);

        [LoggerMessage(9022, LogLevel.Warning, "Old log file {Path} was not removed; trying again in an hour")]
        public static partial void NotRemoved(ILogger logger, string path, Exception exception);
    }
}
