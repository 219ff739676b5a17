using Hangfire;
using Hangfire.InMemory;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Sqlite;

namespace ServiceEval.Web.Hosting;

/// <summary>The engine for a SQLite file. One process serves on it.</summary>
internal sealed class SqliteEngine(string connectionString, LedgerAuthor? author, TimeProvider time) : DatabaseEngine
{
    private static readonly TimeSpan MigrationPatience = TimeSpan.FromSeconds(10);

    private readonly SqliteWriter _writer = new(connectionString, author, time);
    private readonly SqliteInspection _inspection = new(connectionString);

    public override IRatingStore Ratings => _writer;
    public override IWriteGate Writes => _writer;
    public override IReadSnapshot Snapshots { get; } = new SqliteSnapshots(connectionString);
    public override ILedgerReader Ledger { get; } = new SqliteLedgerReader(connectionString);
    public override DatabaseFile? File { get; } = new(connectionString, time);
    public override IReadSnapshot Inspection => _inspection;

    public override void Use(DbContextOptionsBuilder options) => options.UseServiceEvalSqlite(connectionString);

    public override async Task MigrateAsync(ServiceEvalDb db, CancellationToken ct)
    {
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", ct);
        if (!await IsBehindAsync(db, ct))
            return;
        await using var only = await LockAsync(ct);
        // EF Core's migration lock is a row. A killed process leaves the row behind, and EF Core then waits for it
        // without end. This process holds the file lock, so any such row belongs to a dead process.
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", ct);
        await db.Database.MigrateAsync(ct);
    }

    /// <exception cref="OperatorException">Another process is migrating the database, or the lock file cannot be
    /// opened.</exception>
    private async Task<FileStream> LockAsync(CancellationToken ct)
    {
        var path = $"{File!.Path}.migrating";
        try
        {
            if (await FileLock.TakeAsync(path, MigrationPatience, ct) is { } taken)
                return taken;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new OperatorException(
                $"这个账号打不开 {path}，它多半是用另一个账号运行的程序中断时留下的；请确认没有别的 ServiceEval 进程在建立或升级数据库，再删去它。",
                e
            );
        }
        catch (IOException e)
        {
            throw new OperatorException($"{path} 建不了：{FileFaults.Reason(e)}，数据库没有升级，请排除后再试。", e);
        }
        var holder = FileLock.HolderOf(path) is { } id ? $"（进程 {id}）" : "";
        throw new OperatorException(
            $"另一个 ServiceEval 进程正在建立或升级数据库 {File.Path}{holder}，等了 {MigrationPatience.TotalSeconds:0} 秒还没有结束，请在它结束后再试。"
        );
    }

    // The list of jobs may be lost, because the work itself is stored in rows and a job only sweeps them.
    public override JobStorage NewJobStorage() => new InMemoryStorage();

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        var complaints = await _inspection.QuickCheckAsync(ct);
        if (complaints.Count == 0)
            findings.Ok($"SQLite 文件 {File!.Path} 完好，{File.Bytes >> 20} MB");
        else
            findings.Fault(
                $"SQLite 文件 {File!.Path} 已损坏：{string.Join('；', complaints)}",
                "请停止服务，保留原文件，用 restore 从备份恢复到新的数据目录。"
            );
    }

    public override ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <param name="configured">The connection string; null for a file in the data directory.</param>
    /// <exception cref="OperatorException">The connection string names no file.</exception>
    public static string ConnectionString(string? configured, string dataPath)
    {
        if (configured is null)
            return new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(dataPath, "serviceeval.db"),
            }.ToString();
        try
        {
            // Without a file, every connection would get its own empty database.
            if (
                new SqliteConnectionStringBuilder(configured)
                    is { DataSource: not ("" or ":memory:"), Mode: not SqliteOpenMode.Memory } read
                && SettingText.IsReadable(read.DataSource)
                && !read.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            )
                return configured;
        }
        catch (ArgumentException)
        {
            // The exception below reports it.
        }
        throw new OperatorException(
            "ConnectionStrings__ServiceEval 无法识别，应如 Data Source=/var/lib/serviceeval/serviceeval.db。"
        );
    }

    /// <summary>Returns one sentence about the error; null if the exception does not come from SQLite.</summary>
    public static string? SentenceOn(Exception e) =>
        e switch
        {
            SqliteException { SqliteErrorCode: 11 or 26 } =>
                $"数据库文件已损坏或不是 SQLite 数据库（{e.Message}）。请从备份恢复，原文件不要删除。",
            SqliteException { SqliteErrorCode: 5 or 6 } => $"数据库正被别的程序占用（{e.Message}），请稍后再试。",
            SqliteException { SqliteErrorCode: 13 } => $"磁盘已满（{e.Message}），没有保存，请腾出空间后再试。",
            SqliteException => $"数据库打不开：{e.Message}",
            _ => null,
        };
}
