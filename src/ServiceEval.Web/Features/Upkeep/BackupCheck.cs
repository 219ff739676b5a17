using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>
/// Checks the time of the last backup. The time comes from the newest nightly file, or from the server and its
/// directory of backups.
/// </summary>
internal sealed class BackupCheck(
    DatabaseEngine engine,
    IOptions<ServiceEvalOptions> options,
    IOptions<BackupOptions> backup,
    NightlyFiles files,
    TimeProvider time
) : Check
{
    // One day, and two hours for the backup itself.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(26);

    public override string Name => "backup";
    public override string Title => "备份";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        var folder = backup.Value.DirectoryPath;
        if (folder is not null && !Directory.Exists(folder))
            findings.Fault(
                $"没有备份目录 {folder}",
                "请建好它或接好它所在的磁盘，并核对 ServiceEval__Backup__Directory。"
            );
        else if (folder is not null && Storage.IsOne(folder, options.Value.DataPath))
            findings.Warning(
                $"备份目录 {folder} 与数据在同一个文件系统上，磁盘坏了会一起丢失",
                "请把 ServiceEval__Backup__Directory 指向另一块磁盘或网络存储。"
            );

        var seen = Directory.Exists(folder)
            ? engine.File is null
                ? Newest(folder, time.GetUtcNow())
                : await files.NewestInAsync(folder, time.GetUtcNow(), ct)
            : null;
        var told = await engine.LastBackupAsync(findings, ct);
        var last = seen > told ? seen : told ?? seen;
        var remedy =
            engine.BackupCommands is { } commands
                ? $"请备份：{commands}。把结果放进 ServiceEval__Backup__Directory 所指的目录，这里就能看到。"
            : folder is null ? "请把 ServiceEval__Backup__Directory 设为另一块磁盘上的目录，服务每晚就会备份一次。"
            : "请查看日志中 NightlyBackup 的错误，并运行一次 backup。";
        // The message names archived logs too: they are useful only with a base backup, but no server records its base
        // backups.
        var what = engine.File is null ? "备份或日志归档" : "备份";
        if (last is null && folder is null)
            findings.Warning("没有设置备份目录，也没有见过备份", remedy);
        else if (last is null)
            findings.Fault("还没有备份", remedy);
        else if (time.GetUtcNow() - last > Patience)
            findings.Fault($"最近一次{what}是 {last:u}，已超过一天", remedy);
        else if (findings.Worst == FindingState.Ok)
            findings.Ok($"最近一次{what}是 {last:u}");
    }

    /// <summary>
    /// Returns the time of the newest file or folder. A server's tools use any name. Empty files are ignored, because a
    /// failed tool often leaves one.
    /// </summary>
    private static DateTimeOffset? Newest(string folder, DateTimeOffset now)
    {
        var left = new DirectoryInfo(folder)
            .EnumerateFileSystemInfos()
            .Where(f => !f.Name.StartsWith('.') && f.LastWriteTimeUtc <= now && f is not FileInfo { Length: 0 })
            .ToList();
        return left.Count == 0 ? null : new DateTimeOffset(left.Max(f => f.LastWriteTimeUtc));
    }
}
