using Hangfire;
using Hangfire.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.SqlServer;

namespace ServiceEval.Web.Hosting;

/// <summary>The engine for SQL Server. Any number of nodes can share the server.</summary>
internal sealed class SqlServerEngine(string connectionString, LedgerAuthor author, TimeProvider time) : DatabaseEngine
{
    private const string JobSchema = "hangfire";
    private const int OldestLevel = 150;

    /// <summary>
    /// Takes the application lock. A result of 0 or 1 means that the lock was taken. A result below 0 means that
    /// another session has it.
    /// </summary>
    internal const string TakeTurn =
        "DECLARE @taken int; EXEC @taken = sp_getapplock @Resource = @work, @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 0; SELECT @taken";

    /// <summary>
    /// Limits the session's waits for locks, in milliseconds. EF Core takes its migration lock by sp_getapplock without
    /// a time-out, so the session's time-out applies.
    /// </summary>
    internal const string BoundWaits = "SET LOCK_TIMEOUT 30000";

    private readonly SqlServerStore _store = new(connectionString, author, time);

    public override IRatingStore Ratings => _store;
    public override IWriteGate Writes { get; } = new SqlServerGate(connectionString);
    public override IReadSnapshot Snapshots { get; } = new SqlServerSnapshots(connectionString);
    public override ILedgerReader Ledger { get; } = new SqlServerLedgerReader(connectionString);

    public override void Use(DbContextOptionsBuilder options) => options.UseServiceEvalSqlServer(connectionString);

    public override async Task MigrateAsync(ServiceEvalDb db, CancellationToken ct)
    {
        if (await WhyOtherEngineAsync(ct) is { } other)
            throw new OperatorException(other);
        // No command time-out, because an index on years of ratings takes long.
        db.Database.SetCommandTimeout(0);
        if (await IsBehindAsync(db, ct))
            await MigrateUnderLockAsync(db, ct);
        await ApplySettingsAsync(db, ct);
        await using var connection = new SqlConnection(connectionString);
        await connection.OpenAsync(ct);
        SqlServerObjectsInstaller.Install(connection, JobSchema, enableHeavyMigrations: true);
    }

    /// <exception cref="OperatorException">Another process is migrating the database.</exception>
    internal static async Task MigrateUnderLockAsync(ServiceEvalDb db, CancellationToken ct)
    {
        // All commands must run in one session, because LOCK_TIMEOUT is a setting of the session.
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await db.Database.ExecuteSqlRawAsync(BoundWaits, ct);
            await db.Database.MigrateAsync(ct);
        }
        catch (TimeoutException e)
        {
            throw new OperatorException(
                "另一个 ServiceEval 进程正在建立或升级这个数据库，等了 30 秒还没有结束，请在它结束后再试。",
                e
            );
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    public override async Task<string?> WhyUnfitAsync(CancellationToken ct)
    {
        if (await WhyOtherEngineAsync(ct) is { } other)
            return other;
        await _store.WarmUpAsync(ct);
        return null;
    }

    public override JobStorage NewJobStorage() =>
        new SqlServerStorage(
            connectionString,
            new SqlServerStorageOptions
            {
                SchemaName = JobSchema,
                PrepareSchemaIfNecessary = false,
                // A job of a killed node becomes free after this time.
                SlidingInvisibilityTimeout = TimeSpan.FromMinutes(5),
                QueuePollInterval = TimeSpan.FromSeconds(15),
            }
        );

    public override async Task<IAsyncDisposable?> TryTakeTurnAsync(string work, CancellationToken ct)
    {
        // The connection is not pooled, so that disposing of it ends the session and releases the lock.
        var connection = new SqlConnection(
            new SqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString()
        );
        try
        {
            await connection.OpenAsync(ct);
            await using var command = new SqlCommand(TakeTurn, connection);
            command.Parameters.AddWithValue("@work", $"serviceeval/{work}");
            if (await command.ExecuteScalarAsync(ct) is >= 0)
                return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    public override string Password => new SqlConnectionStringBuilder(connectionString).Password;

    public override string BackupCommands
    {
        get
        {
            var database = new SqlConnectionStringBuilder(connectionString).InitialCatalog;
            string Quoted(string ending) => $"N'{database.Replace("'", "''", StringComparison.Ordinal)}{ending}'";
            var name = $"[{database.Replace("]", "]]", StringComparison.Ordinal)}]";
            return $"BACKUP DATABASE {name} TO DISK = {Quoted(".bak")} WITH CHECKSUM, COMPRESSION；要能恢复到任一时刻，把恢复模式设为 FULL，再定时 BACKUP LOG {name} TO DISK = {Quoted(".trn")} WITH CHECKSUM";
        }
    }

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        if (await WhyOtherEngineAsync(ct) is { } other)
        {
            findings.Fault(other);
            return;
        }
        // This read must not use a snapshot, because the check must also work if snapshots are not allowed.
        await using var db = NewContext();
        var settings = await db.Database.SqlQueryRaw<DatabaseState>(DatabaseSettings.State).SingleAsync(ct);
        if (!settings.IsReadCommittedSnapshotOn)
            findings.Fault(
                "数据库没有打开 READ_COMMITTED_SNAPSHOT，读评价的会等写评价的",
                "请停下各节点，运行 migrate。"
            );
        if (!settings.AllowsSnapshots)
            findings.Fault("数据库没有允许快照隔离，屏幕和周报读不了", "请运行 migrate。");
        if (settings.IsDurabilityDelayed)
            findings.Fault(
                "数据库强制延迟落盘（DELAYED_DURABILITY = FORCED），断电会丢失已确认的评价",
                "请运行 migrate。"
            );
        if (settings.CompatibilityLevel < OldestLevel)
            findings.Fault(
                $"数据库的兼容级别是 {settings.CompatibilityLevel}，低于 {OldestLevel}（SQL Server 2019）",
                $"请设 COMPATIBILITY_LEVEL = {OldestLevel} 或更高。"
            );
        if (findings.Worst == FindingState.Ok)
            findings.Ok($"SQL Server 可以连接，落盘和隔离的设置正确，兼容级别 {settings.CompatibilityLevel}");
    }

    public override async Task<DateTimeOffset?> LastBackupAsync(Findings findings, CancellationToken ct)
    {
        try
        {
            await using var db = NewContext();
            return (await db.Database.SqlQueryRaw<LastBackup>(DatabaseSettings.LastBackup).SingleAsync(ct)).FinishedAt;
        }
        catch (SqlException e) when (e.Number is 208 or 40515)
        {
            // Managed database services keep their own backups and have no such table.
            findings.Warning(
                "这个数据库服务没有备份记录（msdb.dbo.backupset），不知道最近一次备份",
                "请在服务商的控制台确认备份，或把备份文件放进 ServiceEval__Backup__Directory 所指的目录。"
            );
            return null;
        }
        catch (SqlException e) when (e.Number is 229 or 916)
        {
            findings.Warning(
                "这个账号无权读取 msdb 里的备份记录，不知道最近一次备份",
                "请授予 msdb.dbo.backupset 的 SELECT 权限，或把备份文件放进 ServiceEval__Backup__Directory 所指的目录。"
            );
            return null;
        }
    }

    public override ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task<string?> WhyOtherEngineAsync(CancellationToken ct) =>
        await EngineProbe.IsSqlServerAsync(connectionString, ct)
            ? null
            : "ConnectionStrings__ServiceEval 所指的数据库引擎不是 SQL Server，在它上面评价会被改坏，没有使用它。"
                + "使用 Babelfish 等兼容引擎的，请设 ServiceEval__Database=postgresql，直接连接其中的 PostgreSQL。";

    /// <exception cref="OperatorException">The login may not alter the database. The message contains the commands for the
    /// administrator.</exception>
    private static async Task ApplySettingsAsync(ServiceEvalDb db, CancellationToken ct)
    {
        try
        {
            await DatabaseSettings.ApplyAsync(db, ct);
        }
        catch (SqlException e) when (e.Number is 5011 or 262 or 229 or 15247)
        {
            throw new OperatorException(MayNotAlter(await DatabaseSettings.MissingAsync(db, ct)), e);
        }
    }

    internal static string MayNotAlter(IEnumerable<string> commands) =>
        $"数据库用户无权更改数据库的设置。请由数据库管理员在这个数据库里运行：{string.Join(' ', commands)} 然后再运行 migrate。";

    private ServiceEvalDb NewContext()
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        Use(options);
        return new ServiceEvalDb(options.Options);
    }

    /// <exception cref="OperatorException">The connection string names no server or no database.</exception>
    public static string ConnectionString(string? configured)
    {
        const string Example =
            "应如 Server=127.0.0.1;Database=serviceeval;User ID=serviceeval;Password=口令;TrustServerCertificate=True。";
        if (string.IsNullOrWhiteSpace(configured))
            throw new OperatorException(
                $"ServiceEval__Database 为 sqlserver 时必须设置 ConnectionStrings__ServiceEval，{Example}"
            );
        try
        {
            if (new SqlConnectionStringBuilder(configured) is { DataSource.Length: > 0, InitialCatalog.Length: > 0 })
                return configured;
        }
        catch (Exception e)
            when (e is ArgumentException or FormatException or OverflowException or KeyNotFoundException)
        {
            // The exception below reports it. This one is not quoted, because the connection string may contain a
            // password.
        }
        throw new OperatorException($"ConnectionStrings__ServiceEval 不是 SQL Server 的连接字符串，{Example}");
    }

    /// <summary>Returns one sentence about the error; null if the exception does not come from SQL Server.</summary>
    public static string? SentenceOn(Exception e) =>
        e switch
        {
            SqlException said => SentenceOn(said.Number, said.Class, said.Message.ReplaceLineEndings(" ")),
            // The error of the connection pool has no exception type of its own.
            InvalidOperationException { Source: "Microsoft.Data.SqlClient" } =>
                $"没有得到 SQL Server 的连接（{e.Message}），请稍后再试；若常出现，请调大连接字符串中的 Max Pool Size。",
            _ => null,
        };

    internal static string SentenceOn(int number, byte severity, string message) =>
        number switch
        {
            18456 or 18452 or 18470 or 18486 or 18487 or 18488 =>
                $"SQL Server 不接受这个用户名或口令（{message}），请检查 ConnectionStrings__ServiceEval。",
            // SQL Server also reports this error if the user may not open the database.
            4060 or 911 =>
                $"SQL Server 上没有这个数据库，或用户无权打开它（{message}），请由数据库管理员建库并授权，再运行 migrate；或检查 ConnectionStrings__ServiceEval。",
            229 or 230 or 262 or 297 or 300 or 916 or 5011 => $"数据库用户的权限不够（{message}），请授予后再试。",
            17809 or 10928 => $"SQL Server 的连接数已满（{message}），请调大 user connections 或减少节点。",
            6005 or 17142 or 18401 or 904 or 921 or 922 or 927 =>
                $"SQL Server 正在启动、恢复或停止（{message}），请稍后再试。",
            1222 or 1205 => $"数据库正被别的程序占用（{message}），请稍后再试。",
            1105 or 9002 or 1101 or 3257 =>
                $"数据库服务器的磁盘或日志已满（{message}），没有保存，请腾出空间或备份日志后再试。",
            3906 or 3908 or 978 or 976 => $"数据库是只读的（{message}），请连到主副本，或把它改为可写。",
            3952 or 3953 => $"数据库还没有允许快照隔离（{message}），请运行 migrate。",
            605 or 823 or 824 or 825 => $"数据库有损坏的页（{message}），请联系数据库管理员核查，并从备份恢复。",
            -2 or 258 =>
                $"SQL Server 没有及时回应（{message}），请检查 ConnectionStrings__ServiceEval、网络和数据库服务。",
            -2146893019 or -2146893022 =>
                $"SQL Server 的证书不受本机信任（{message}），请安装它的根证书，或在连接字符串中写明 TrustServerCertificate=True。",
            <= 0 => Unreachable(message),
            _ when severity >= 20 => Unreachable(message),
            _ => $"SQL Server 拒绝了（{number}：{message}）。",
        };

    // If no server answers, only the driver reports the error, and its number is an error code of the operating system.
    private static string Unreachable(string message) =>
        message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
        || message.Contains("证书", StringComparison.Ordinal)
            ? $"SQL Server 的证书不受本机信任（{message}），请安装它的根证书，或在连接字符串中写明 TrustServerCertificate=True。"
            : $"连不上 SQL Server（{message}），请检查 ConnectionStrings__ServiceEval、网络和数据库服务。";
}
