using System.Formats.Tar;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>
/// Writes one file from which an installation with a database file (SQLite) can be restored. It works while the service
/// runs.
/// </summary>
internal sealed class BackupWriter(
    DatabaseEngine engine,
    LedgerKeyFile ledgerKey,
    IOptions<ServiceEvalOptions> options,
    TimeProvider time,
    ILogger<BackupWriter> logger
)
{
    private const string KeptLedgerKey = $"{BackupManifest.KeysFolder}/{LedgerKeyFile.Name}";

    // The work folder holds two copies: the copy of the database, and the same copy inside the tar.
    private const int Copies = 2;

    private static string Program =>
        typeof(BackupWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <param name="path">The file to write. It is complete, or it does not exist.</param>
    /// <exception cref="OperatorException">The backup could not be made.</exception>
    public async Task<BackupManifest> WriteAsync(string path, IProgress<string>? progress, CancellationToken ct)
    {
        if (engine.File is not { } file)
            throw new InvalidOperationException("A database server must be backed up with its own commands.");
        if (Path.Exists(path))
            throw new OperatorException($"{path} 已经存在，没有备份；请换一个文件名。");
        if (!file.Exists)
            throw new OperatorException(
                $"没有数据库文件 {file.Path}，没有备份；请用 ServiceEval__DataDirectory 指明数据目录。"
            );
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            throw new OperatorException($"没有目录 {folder}，没有备份；请先建好，或换一个地方。");
        // The work folder is beside the destination, so that both are on the same disk and the finished file only needs
        // a rename.
        var work = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.CreateVersion7():N}.part");
        try
        {
            if (file.Lacks(folder, Copies) is { } lacks)
                throw new OperatorException($"没有备份：{lacks}。请腾出空间，或换一个地方。");
            DataDirectory.Create(work);
            var manifest = await GatherAsync(file, work, progress, ct);
            var tar = Path.Combine(work, "backup.tar");
            progress?.Report("正在写入备份文件…");
            await PackAsync(manifest, work, tar, ct);
            Storage.WarnIfUnsynced(folder, AtomicFile.Move(tar, path, overwrite: false));
            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"没有备份：{FileFaults.Reason(e)}，请检查 {folder} 的空间和权限。", e);
        }
        catch (SqliteException e)
        {
            throw new OperatorException($"没有备份：{DatabaseChoice.SentenceOn(e)}", e);
        }
        finally
        {
            if (Directory.Exists(work))
                Leftovers.TryDelete(work, logger);
        }
    }

    /// <summary>
    /// Copies heads, database and keys in this order. Every kept head must be a block of the copied database, so the
    /// heads are copied before it. Every rating must have its ticket key, and a key exists before its ratings, so the
    /// keys are copied after it. Key admissions that the ledger key file noted during the copy are removed from the
    /// backup, because the copied database may lack their blocks.
    /// </summary>
    private async Task<BackupManifest> GatherAsync(
        DatabaseFile file,
        string work,
        IProgress<string>? progress,
        CancellationToken ct
    )
    {
        var data = options.Value.DataPath;
        var names = new List<string> { BackupManifest.DatabaseName };
        if (HeadsLog.PathIn(data) is var heads && File.Exists(heads))
        {
            File.Copy(heads, Path.Combine(work, BackupManifest.HeadsName));
            names.Add(BackupManifest.HeadsName);
        }

        var admissions = AdmissionsIn(ledgerKey);
        var copy = Path.Combine(work, BackupManifest.DatabaseName);
        var createdAt = time.GetUtcNow().ToMilliseconds().UtcDateTime;
        await file.CopyAsync(copy, progress is null ? null : new Tenths(progress), ct);

        var keys = Path.Combine(data, BackupManifest.KeysFolder);
        foreach (
            var key in Directory.Exists(keys) ? Directory.EnumerateFiles(keys, "*", SearchOption.AllDirectories) : []
        )
        {
            // These are lock files, and new keys that are not in use yet.
            if (
                Path.GetFileName(key) is var name
                && (name.StartsWith('.') || name.EndsWith(AtomicFile.Ending, StringComparison.Ordinal))
            )
                continue;
            var relative = Path.GetRelativePath(data, key);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(work, relative))!);
            File.Copy(key, Path.Combine(work, relative));
            names.Add(relative.Replace(Path.DirectorySeparatorChar, '/'));
        }
        if (
            !ledgerKey.IsMissing
            && Path.GetFullPath(ledgerKey.Path) is var path
            && path != Path.GetFullPath(LedgerKeyFile.In(data))
        )
        {
            // A key file outside the data directory is restored to its usual place.
            var kept = LedgerKeyFile.In(work);
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            File.Copy(path, kept, overwrite: true);
            if (!names.Contains(KeptLedgerKey))
                names.Add(KeptLedgerKey);
        }
        var copied = new LedgerKeyFile(LedgerKeyFile.In(work), isOnlyNode: true);
        var later = AdmissionsIn(copied).Where(a => !admissions.Any(b => b.IsOf(a.PublicKey))).ToList();
        if (later.Count > 0)
            await copied.ForgetAsync(later, ct);

        progress?.Report("正在检查副本…");
        var (end, ratings, migrations) = await ExamineAsync(copy, ct);
        var files = new List<BackedUpFile>();
        foreach (var name in names)
            files.Add(await DescribeAsync(work, name, ct));
        var manifest = new BackupManifest(
            BackupManifest.FormatName,
            BackupManifest.NewestVersion,
            Program,
            createdAt,
            migrations,
            new(end.Sequence, Convert.ToHexStringLower(end.Hash)),
            ratings,
            files
        );
        return manifest.IsComplete
            ? manifest
            : throw new OperatorException($"没有备份：{keys} 里有文件的名字不能识别，请移走后再试。");
    }

    /// <summary>Returns an empty list if the file cannot be read. Such a file is backed up unchanged.</summary>
    private static IReadOnlyList<KeyAdmission> AdmissionsIn(LedgerKeyFile file)
    {
        try
        {
            return file.Admissions();
        }
        catch (OperatorException)
        {
            return [];
        }
    }

    /// <summary>Checks the copied database, because an unchecked copy is not a backup.</summary>
    private async Task<(LedgerEnd End, long Ratings, IReadOnlyList<string> Migrations)> ExamineAsync(
        string copy,
        CancellationToken ct
    )
    {
        await using var copied = DatabaseFile.Open(copy, time);
        var findings = new Findings();
        await copied.ExamineAsync(findings, ct);
        if (findings.All.FirstOrDefault(f => f.State == FindingState.Fault) is { } fault)
            throw new OperatorException($"没有备份：数据库本身有问题。{fault.What}。{fault.Remedy}");
        var read = await copied.Inspection.ReadAsync(
            async (db, token) =>
                (
                    await LedgerEnd.ReadAsync(db, token),
                    await db.Ratings.LongCountAsync(token),
                    (await db.Database.GetAppliedMigrationsAsync(token)).ToList()
                ),
            ct
        );
        return read.Item1.Complaint is { } complaint
            ? throw new OperatorException($"没有备份：{complaint}。请保留数据库文件，并运行 verify。")
            : read;
    }

    private static async Task<BackedUpFile> DescribeAsync(string work, string name, CancellationToken ct)
    {
        await using var file = File.OpenRead(Path.Combine(work, name));
        return new(name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)));
    }

    private static async Task PackAsync(BackupManifest manifest, string work, string path, CancellationToken ct)
    {
        await using var file = new FileStream(path, AtomicFile.NewFile());
        await using (var tar = new TarWriter(file, TarEntryFormat.Pax, leaveOpen: true))
        {
            using var own = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, Json.Options));
            await AddAsync(tar, manifest, BackupManifest.OwnName, own, ct);
            foreach (var (name, _, _) in manifest.Files)
            {
                await using var content = File.OpenRead(Path.Combine(work, name));
                await AddAsync(tar, manifest, name, content, ct);
            }
        }
        file.Flush(flushToDisk: true);
    }

    private static Task AddAsync(
        TarWriter tar,
        BackupManifest manifest,
        string name,
        Stream content,
        CancellationToken ct
    ) =>
        tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                Mode = AtomicFile.OwnerOnly,
                ModificationTime = manifest.CreatedAt,
                DataStream = content,
            },
            ct
        );

    /// <summary>Reports the progress once for each tenth.</summary>
    private sealed class Tenths(IProgress<string> progress) : IProgress<double>
    {
        private int _told;

        public void Report(double value)
        {
            if ((int)(value * 10) is var tenth && tenth <= _told)
                return;
            _told = tenth;
            progress.Report($"已复制数据库的 {tenth * 10}%…");
        }
    }
}
