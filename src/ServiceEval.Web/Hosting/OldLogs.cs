using System.Globalization;
using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Removes log files that are older than the retention period. The clock alone must not decide, because a clock that is
/// ahead would remove all files. The ledger's time decides. If the ledger has no time yet, the newest file before today
/// decides. This is not a Hangfire job, because one node runs a job for all nodes, but each node has its own files.
/// </summary>
internal sealed partial class OldLogs(
    ProvenTime proven,
    TimeProvider time,
    IConfiguration configuration,
    ILogger<OldLogs> logger
) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromHours(1);

    /// <summary>The law requires six months. The longest six months have 184 days.</summary>
    private const int DaysKept = 184;

    /// <summary>Also removes files at the start, because a server may never run for a whole hour.</summary>
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
        // The log sink names its files by local date.
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

    /// <summary>Returns the day in a file's name. The sink appends a number if a day has more than one file.</summary>
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
        [LoggerMessage(9021, LogLevel.Information, "The old log file {Path} was removed")]
        public static partial void Removed(ILogger logger, string path);

        [LoggerMessage(9023, LogLevel.Warning, "The search for old log files failed. The next attempt is in an hour")]
        public static partial void NotLooked(ILogger logger, Exception exception);

        [LoggerMessage(9022, LogLevel.Warning, "The log file {Path} was not removed. The next attempt is in an hour")]
        public static partial void NotRemoved(ILogger logger, string path, Exception exception);
    }
}
