using System.Globalization;
using System.Text.RegularExpressions;
using Hangfire;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>
/// Backs up a database file to a second place each night and removes its oldest backups. It runs every hour and checks
/// whether the last due backup exists. So a backup that failed, or that was missed while the host was down, is made
/// later.
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

    /// <summary>Returns the job of this node, with the settings and the halls of now.</summary>
    public static HostJob Job(IServiceProvider services) =>
        services.GetRequiredService<NightlyBackup>() is { IsOn: true } backup
            ? HostJob.Of<NightlyBackup>(b => b.RunAsync(CancellationToken.None), backup.Cron, backup.Zone)
            : HostJob.Removed<NightlyBackup>();

    private string Cron => string.Create(CultureInfo.InvariantCulture, $"{options.Value.At.Minute} * * * *");

    private TimeZoneInfo Zone => directory.Current.Halls is [var first, ..] ? first.Zone : TimeZoneInfo.Local;

    /// <summary>
    /// Returns the time of the newest backup in this directory that has this job's file name; null if there is none. A
    /// backup with a time in the future is ignored, because a wrong clock made it and it would suppress the coming
    /// backups.
    /// </summary>
    public static DateTimeOffset? Newest(string folder, DateTimeOffset now) =>
        Own(folder).FindLast(own => own.At <= now) is { Path: not null } last ? last.At : null;

    // No retries, because the job runs again in the next hour.
    [AutomaticRetry(Attempts = 0)]
    public async Task RunAsync(CancellationToken ct)
    {
        // The run of the previous hour may still be running.
        if (Interlocked.Exchange(ref _running, 1) == 1)
            return;
        var folder = options.Value.DirectoryPath!;
        var now = time.GetUtcNow();
        try
        {
            // The directory is not created: if a share is not mounted, the new directory would be on the local disk.
            if (!Directory.Exists(folder))
                throw new OperatorException(
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
        catch (Exception e) when (e is OperatorException or IOException or UnauthorizedAccessException)
        {
            Log.NotMade(logger, e.Message, e);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Returns the last time at which the backup was due by the first hall's clock.</summary>
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
        // A backup from the future is not counted. Otherwise it would count as newer than the backup of today and push
        // that one out.
        var now = time.GetUtcNow();
        foreach (var (path, _) in Own(folder).Where(own => own.At <= now).SkipLast(options.Value.Keep))
        {
            File.Delete(path);
            Log.Removed(logger, path);
        }
        // Remove work folders that a killed process has left.
        foreach (var left in Directory.EnumerateDirectories(folder, ".serviceeval-*.part"))
        {
            if (Unfinished().IsMatch(Path.GetFileName(left)))
                Directory.Delete(left, recursive: true);
        }
    }

    /// <summary>
    /// Returns this job's backups, oldest first. A file whose name does not match exactly is left alone.
    /// </summary>
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
        [LoggerMessage(7001, LogLevel.Information, "The backup {Path} was made. Its last ledger block is {Sequence}")]
        public static partial void Made(ILogger logger, string path, long sequence);

        [LoggerMessage(7002, LogLevel.Error, "The nightly backup failed: {Why}")]
        public static partial void NotMade(ILogger logger, string why, Exception exception);

        [LoggerMessage(7003, LogLevel.Information, "The old backup {Path} was removed")]
        public static partial void Removed(ILogger logger, string path);
    }
}
