using System.Globalization;
using System.Text.RegularExpressions;
using Hangfire;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>
/// Backs a database file up to a second place each night and removes the oldest of its own. It looks every hour whether
/// the last night's is there, so one that failed, or for which the host was down, is made up for.
/// </summary>
internal sealed partial class NightlyBackup(
    BackupWriter writer,
    DatabaseEngine engine,
    HallDirectory directory,
    IOptions<BackupOptions> options,
    TimeProvider time,
    ILogger<NightlyBackup> logger
)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    private int _running;

    public bool IsOn => options.Value.DirectoryPath is not null && engine.File is not null;

    public string Cron => string.Create(CultureInfo.InvariantCulture, $"{options.Value.At.Minute} * * * *");

    public TimeZoneInfo Zone => directory.Current.Halls is [var first, ..] ? first.Zone : TimeZoneInfo.Local;

    /// <summary>
    /// The newest in this directory by this job's naming; null if there is none. One from the future was made by a
    /// wrong clock, and must not pass for those to come.
    /// </summary>
    public static DateTimeOffset? Newest(string folder, DateTimeOffset now) =>
        Own(folder).FindLast(own => own.At <= now) is { Path: not null } last ? last.At : null;

    // No retries: the next hour's run is one.
    [AutomaticRetry(Attempts = 0)]
    public async Task RunAsync(CancellationToken ct)
    {
        // The last hour's may still be at it.
        if (Interlocked.Exchange(ref _running, 1) == 1)
            return;
        var folder = options.Value.DirectoryPath!;
        var now = time.GetUtcNow();
        try
        {
            // It is not made: a share that is not mounted would otherwise be a directory on this very disk.
            if (!Directory.Exists(folder))
                throw new StartException(
                    $"没有目录 {folder}：请建好它或接好它所在的磁盘，并核对 ServiceEval__Backup__Directory。"
                );
            if (Newest(folder, now) is { } newest && newest >= LastDue(now))
                return;
            var path = Path.Combine(
                folder,
                $"serviceeval-{now.ToString(TimeFormat, CultureInfo.InvariantCulture)}.tar"
            );
            var manifest = await writer.WriteAsync(path, progress: null, ct);
            Log.Made(logger, path, manifest.Ledger.Sequence);
            Prune(folder);
        }
        catch (Exception e) when (e is StartException or IOException or UnauthorizedAccessException)
        {
            Log.NotMade(logger, e.Message, e);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>The last time the clock of the first hall showed the hour of the backup.</summary>
    private DateTimeOffset LastDue(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, Zone);
        var due = local.Date + options.Value.At.ToTimeSpan();
        if (due > local.DateTime)
            due = due.AddDays(-1);
        while (Zone.IsInvalidTime(due))
            due = due.AddMinutes(15);
        return new DateTimeOffset(due, Zone.GetUtcOffset(due));
    }

    private void Prune(string folder)
    {
        // One from the future is no newer than what is made now, and would push it out.
        var now = time.GetUtcNow();
        foreach (var (path, _) in Own(folder).Where(own => own.At <= now).SkipLast(options.Value.Keep))
        {
            File.Delete(path);
            Log.Removed(logger, path);
        }
        // What a process that was killed left half done.
        foreach (var left in Directory.EnumerateDirectories(folder, ".serviceeval-*.part"))
        {
            if (Unfinished().IsMatch(Path.GetFileName(left)))
                Directory.Delete(left, recursive: true);
        }
    }

    /// <summary>Oldest first; a name that is not exactly this job's is somebody else's file.</summary>
    private static List<(string Path, DateTimeOffset At)> Own(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "serviceeval-*.tar")
                .Select(path => (Path: path, At: At(Path.GetFileNameWithoutExtension(path)["serviceeval-".Length..])))
                .Where(own => own.At is not null)
                .Select(own => (own.Path, own.At!.Value))
                .OrderBy(own => own.Value),
        ];

    private static DateTimeOffset? At(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;

    [GeneratedRegex(@"^\.serviceeval-\d{8}T\d{6}Z\.tar\.[0-9a-f]{32}\.part$")]
    private static partial Regex Unfinished();

    private static partial class Log
    {
        [LoggerMessage(7001, LogLevel.Information, "Backup {Path} made, up to ledger block {Sequence}")]
        public static partial void Made(ILogger logger, string path, long sequence);

        [LoggerMessage(7002, LogLevel.Error, "The nightly backup was not made: {Why}")]
        public static partial void NotMade(ILogger logger, string why, Exception exception);

        [LoggerMessage(7003, LogLevel.Information, "Old backup {Path} removed")]
        public static partial void Removed(ILogger logger, string path);
    }
}
