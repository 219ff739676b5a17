using System.Globalization;
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
    NightlyFiles files,
    DatabaseEngine engine,
    HallDirectory directory,
    IOptions<BackupOptions> options,
    TimeProvider time,
    ILogger<NightlyBackup> logger
)
{
    private int _running;

    public bool IsOn => options.Value.DirectoryPath is not null && engine.File is not null;

    /// <summary>Returns the job of this node, with the settings and the halls of now.</summary>
    public static HostJob Job(IServiceProvider services) =>
        services.GetRequiredService<NightlyBackup>() is { IsOn: true } backup
            ? HostJob.Of<NightlyBackup>(b => b.RunAsync(CancellationToken.None), backup.Cron, backup.Zone)
            : HostJob.Removed<NightlyBackup>();

    private string Cron => string.Create(CultureInfo.InvariantCulture, $"{options.Value.At.Minute} * * * *");

    private TimeZoneInfo Zone => directory.Current.Halls is [var first, ..] ? first.Zone : TimeZoneInfo.Local;

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
            if (await files.NewestInAsync(folder, now, ct) >= LastDue(now))
                return;
            var path = Path.Combine(folder, files.NameFor(now));
            var manifest = await writer.WriteAsync(path, progress: null, ct);
            Log.Made(logger, path, manifest.Ledger.Sequence);
            await PruneAsync(folder, ct);
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

    private async Task PruneAsync(string folder, CancellationToken ct)
    {
        foreach (var old in (await files.InAsync(folder, time.GetUtcNow(), ct)).SkipLast(options.Value.Keep))
        {
            if (Leftovers.TryDelete(old.Path, logger))
                Log.Removed(logger, old.Path);
        }
        foreach (var left in files.UnfinishedIn(folder))
            Leftovers.TryDelete(left, logger);
    }

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
