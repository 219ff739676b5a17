using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>
/// Restores a backup into a data directory that has none of its files yet. The files are first extracted into a
/// temporary place on the same disk. They are moved to their final places only after verification.
/// </summary>
internal sealed class BackupRestorer(
    DatabaseEngine engine,
    IOptions<ServiceEvalOptions> options,
    TimeProvider time,
    ILogger<BackupRestorer> logger
)
{
    private const string Unfinished = ".restore-";

    /// <returns>The result of <c>verify</c> on the restored database.</returns>
    /// <exception cref="OperatorException">Nothing was restored.</exception>
    public async Task<VerificationResult> RunAsync(string path, IProgress<string> progress, CancellationToken ct)
    {
        if (engine.File is not { } file)
            throw new OperatorException(
                "restore 只用于 SQLite；服务器上的数据库请用它自己的工具恢复（pg_restore，或 RESTORE DATABASE），见 deploy/README.md。"
            );
        var data = options.Value.DataPath;
        await using var backup = await BackupReader.OpenAsync(path, ct);
        RefuseNewer(backup.Manifest, path);
        RefuseUnlessFresh(file, data);
        await DataDirectory.PrepareAsync(data, ct);
        RemoveLeft(file, data);

        var id = Guid.CreateVersion7().ToString("N");
        // The database file may be on another disk than the data directory, so it has its own temporary place.
        var (staged, database) = (Path.Combine(data, Unfinished + id), $"{file.Path}{Unfinished}{id}");
        try
        {
            if (
                Storage.Free(data) is var free
                && backup.Manifest.Files.Sum(f => f.Bytes) is var needed
                && free < needed
            )
                throw new OperatorException(
                    $"没有恢复：{data} 需要 {needed >> 20} MB，只剩 {free >> 20} MB。请腾出空间，或换一个数据目录。"
                );
            DataDirectory.Create(staged);
            progress.Report($"正在解开 {backup.Manifest.CreatedAt:u} 的备份…");
            await backup.ExtractAsync(name => Place(name, staged, database), ct);
            progress.Report("正在核验账本…");
            var result = await VerifyAsync(backup.Manifest, staged, database, ct);
            Move(staged, database, file.Path, data);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"没有恢复：{FileFaults.Reason(e)}，请检查 {data} 的空间和权限。", e);
        }
        finally
        {
            foreach (
                var left in ((string[])[staged, database, $"{database}-wal", $"{database}-shm"]).Where(Path.Exists)
            )
                Leftovers.TryDelete(left, logger);
        }
    }

    private void RefuseNewer(BackupManifest manifest, string path)
    {
        // Only the names of the program's migrations are read. No connection is opened.
        using var db = Context(engine);
        if (manifest.Migrations.Except(db.Database.GetMigrations()).FirstOrDefault() is { } later)
            throw new OperatorException(
                $"{path} 是由更新版本的程序（{manifest.Program}，{later}）备份的，没有恢复；请用那个版本或更新的程序。"
            );
    }

    private static void RefuseUnlessFresh(DatabaseFile file, string data)
    {
        string[] ours =
        [
            file.Path,
            $"{file.Path}-wal",
            $"{file.Path}-journal",
            Path.Combine(data, BackupManifest.KeysFolder),
            HeadsLog.PathIn(data),
        ];
        if (ours.FirstOrDefault(Path.Exists) is { } there)
            throw new OperatorException(
                $"已经有 {there}，没有恢复，以免覆盖；请用 ServiceEval__DataDirectory 指向一个空目录，或先把原来的数据整体移走。"
            );
    }

    /// <summary>Removes the files of an earlier restore that was killed.</summary>
    private void RemoveLeft(DatabaseFile file, string data)
    {
        foreach (var left in Directory.EnumerateDirectories(data, $"{Unfinished}*"))
            Leftovers.TryDelete(left, logger);
        var folder = Path.GetDirectoryName(file.Path)!;
        if (!Directory.Exists(folder))
            return;
        foreach (var left in Directory.EnumerateFiles(folder, $"{Path.GetFileName(file.Path)}{Unfinished}*"))
            Leftovers.TryDelete(left, logger);
    }

    private static string Place(string name, string staged, string database)
    {
        if (name == BackupManifest.DatabaseName)
            return database;
        var place = Path.Combine([staged, .. name.Split('/')]);
        DataDirectory.Create(Path.GetDirectoryName(place)!);
        return place;
    }

    /// <summary>
    /// Verifies the restored database. A database of an older program is migrated first, because only a current schema
    /// can be verified.
    /// </summary>
    private async Task<VerificationResult> VerifyAsync(
        BackupManifest manifest,
        string staged,
        string database,
        CancellationToken ct
    )
    {
        await using var restored = DatabaseFile.Open(database, time);
        await using (var db = Context(restored))
        {
            if (db.Database.GetMigrations().Except(manifest.Migrations).Any())
                await restored.MigrateAsync(db, ct);
        }
        List<Anchor> anchors = [new("manifest", manifest.Ledger.Sequence, Convert.FromHexString(manifest.Ledger.Hash))];
        var kept = await KeptHeads.ReadOwnAsync(Path.Combine(staged, BackupManifest.HeadsName), ct);
        var own = new LedgerKeyFile(LedgerKeyFile.In(staged), isOnlyNode: true);
        var evidence = new Evidence(
            [.. anchors, .. kept.Heads, .. LedgerCommands.AdmittedIn(own)],
            new(kept.Keys, [.. own.Load().Select(k => k.Fingerprint)], []),
            new TicketKeyFile(staged)
        );
        try
        {
            return await LedgerCommands.VerifyAsync(restored.Ledger, evidence, since: null, ct);
        }
        catch (OperatorException e)
        {
            throw new OperatorException($"没有恢复任何内容：{e.Message}", e);
        }
    }

    /// <summary>
    /// Moves the files to their places, the database last. So if the database is in place, all other files are too.
    /// </summary>
    private void Move(string staged, string database, string databasePath, string data)
    {
        var moved = new List<string>();
        try
        {
            foreach (var from in Directory.EnumerateFileSystemEntries(staged))
            {
                var to = Path.Combine(data, Path.GetFileName(from));
                if (Directory.Exists(from))
                    Directory.Move(from, to);
                else
                    File.Move(from, to, overwrite: false);
                moved.Add(to);
                if (Directory.Exists(to))
                    SyncAll(to);
            }
            Sync(data);
            var unsynced = AtomicFile.Move(database, databasePath, overwrite: false);
            Storage.WarnIfUnsynced(Path.GetDirectoryName(databasePath)!, unsynced);
        }
        catch
        {
            foreach (var half in moved)
                Leftovers.TryDelete(half, logger);
            throw;
        }
    }

    private static void SyncAll(string folder)
    {
        foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
            Sync(inner);
        Sync(folder);
    }

    private static void Sync(string folder) => Storage.WarnIfUnsynced(folder, AtomicFile.SyncNames(folder));

    private static ServiceEvalDb Context(DatabaseEngine on)
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        on.Use(options);
        return new ServiceEvalDb(options.Options);
    }
}
