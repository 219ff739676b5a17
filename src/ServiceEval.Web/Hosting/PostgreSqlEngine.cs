using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using ServiceEval.Core;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.PostgreSql;

namespace ServiceEval.Web.Hosting;

/// <summary>The engine for a PostgreSQL server. Any number of nodes can share the server.</summary>
internal sealed class PostgreSqlEngine(string connectionString, LedgerAuthor author, TimeProvider time) : DatabaseEngine
{
    private const string JobSchema = "hangfire";
    private const int OldestVersion = 150_000;

    private readonly PostgreSqlStore _store = new(connectionString, author, time);

    public override IRatingStore Ratings => _store;
    public override IWriteGate Writes { get; } = new PostgreSqlGate(connectionString);
    public override IReadSnapshot Snapshots { get; } = new PostgreSqlSnapshots(connectionString);
    public override ILedgerReader Ledger { get; } = new PostgreSqlLedgerReader(connectionString);

    public override void Use(DbContextOptionsBuilder options) => options.UseServiceEvalPostgreSql(connectionString);

    public override async Task MigrateAsync(ServiceEvalDb db, CancellationToken ct)
    {
        // No command time-out, because an index on years of ratings takes long.
        db.Database.SetCommandTimeout(0);
        if (await IsBehindAsync(db, ct))
            await MigrateUnderLockAsync(db, ct);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        PostgreSqlObjectsInstaller.Install(connection, JobSchema);
    }

    private static async Task MigrateUnderLockAsync(ServiceEvalDb db, CancellationToken ct)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(ct))
            await creator.CreateAsync(ct);
        // The migration lock ends with the session of its holder. If the holder's machine is gone, the server keeps
        // that session for hours. So this session waits for 30 seconds only.
        await db.Database.OpenConnectionAsync(ct);
        await db.Database.ExecuteSqlRawAsync("SET lock_timeout = '30s'", ct);
        await db.Database.MigrateAsync(ct);
    }

    public override JobStorage NewJobStorage()
    {
        var options = new PostgreSqlStorageOptions
        {
            SchemaName = JobSchema,
            PrepareSchemaIfNecessary = false,
            // The locks of a killed node expire after this time.
            DistributedLockTimeout = TimeSpan.FromMinutes(1),
            UseSlidingInvisibilityTimeout = true,
        };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(connectionString, options), options);
    }

    public override async Task<string?> WhyUnfitAsync(CancellationToken ct) =>
        await _store.FindFaultAsync(ct) switch
        {
            null => null,
            { Setting: null } =>
                "PostgreSQL 前面的连接池（如 PgBouncer）按事务或语句分配会话，评价不能可靠保存，所以不能这样使用："
                    + "请让 ConnectionStrings__ServiceEval 直接连接 PostgreSQL，或把连接池改为会话模式（pool_mode = session）。",
            var fault =>
                $"PostgreSQL 的会话设置 {fault.Setting} 应为 {fault.Asked}，读回来却是 {fault.Found}，评价不能可靠保存，所以不能这样使用："
                    + "请让 ConnectionStrings__ServiceEval 直接连接 PostgreSQL，或检查中间的连接池。",
        };

    public override Task ProbeAsync(CancellationToken ct) => _store.ProbeAsync(ct);

    public override async Task<IAsyncDisposable?> TryTakeTurnAsync(string work, CancellationToken ct)
    {
        // The connection is not pooled, so that disposing of it ends the session and releases the advisory lock.
        // Keep-alive lets the server notice that the machine is gone.
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 30 }.ToString()
        );
        try
        {
            await connection.OpenAsync(ct);
            await using var command = new NpgsqlCommand(
                "SELECT set_config('tcp_keepalives_idle', '30', false), pg_try_advisory_lock(hashtextextended($1, 0))",
                connection
            )
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = $"serviceeval/{work}" } },
            };
            await using var row = await command.ExecuteReaderAsync(ct);
            if (await row.ReadAsync(ct) && row.GetBoolean(1))
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

    public override async Task FreeJobsAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        // Hangfire stores UTC without a time zone. As an epoch it compares correctly with either type of the column.
        await using var command = new NpgsqlCommand(
            $"DELETE FROM \"{JobSchema}\".\"lock\" WHERE EXTRACT(EPOCH FROM \"acquired\") > EXTRACT(EPOCH FROM now()) + 3600",
            connection
        );
        await command.ExecuteNonQueryAsync(ct);
    }

    public override string Password => new NpgsqlConnectionStringBuilder(connectionString).Password ?? "";

    public override string BackupCommands
    {
        get
        {
            var to = new NpgsqlConnectionStringBuilder(connectionString);
            var server = FormattableString.Invariant(
                $"-h {Shell(to.Host!)} -p {to.Port}{(to.Username is { } user ? $" -U {Shell(user)}" : "")}"
            );
            return $"pg_dump -Fc {server} -d {Shell(to.Database!)} -f {Shell($"{to.Database}.dump")}；"
                + $"要能恢复到任一时刻，再用 pg_basebackup {server} -D 目录 -X stream 并开启 WAL 归档（archive_mode、archive_command、archive_timeout）";
        }
    }

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        var settings = await Snapshots.ReadAsync(
            (db, token) =>
                db
                    .Database.SqlQueryRaw<Setting>(
                        "SELECT name AS \"Name\", setting AS \"Value\" FROM pg_settings WHERE name IN ('server_version', 'server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit')"
                    )
                    .ToDictionaryAsync(s => s.Name, s => s.Value, token),
            ct
        );
        foreach (var name in (string[])["fsync", "full_page_writes"])
        {
            if (settings[name] != "on")
                findings.Fault(
                    $"PostgreSQL 的 {name} 是 {settings[name]}，断电会损坏数据库",
                    $"请在 postgresql.conf 中设 {name} = on，并重启 PostgreSQL。"
                );
        }
        if (await WhyUnfitAsync(ct) is { } unfit)
            findings.Fault(unfit);
        // The session that stores ratings sets synchronous_commit itself. Reports and the directory depend on this
        // setting.
        if (settings["synchronous_commit"] == "off")
            findings.Warning(
                "PostgreSQL 的 synchronous_commit 是 off：评价不受影响，但断电可能丢失刚保存的周报和设置",
                "请设 synchronous_commit = on。"
            );
        if (
            int.Parse(settings["server_version_num"], System.Globalization.CultureInfo.InvariantCulture) < OldestVersion
        )
            findings.Fault($"PostgreSQL 是 {settings["server_version"]}，低于 15", "请升级 PostgreSQL。");
        if (findings.Worst == FindingState.Ok)
            findings.Ok($"PostgreSQL {settings["server_version"]} 可以连接，落盘设置正确");
    }

    public override async Task<DateTimeOffset?> LastBackupAsync(Findings findings, CancellationToken ct)
    {
        var archiver = await Snapshots.ReadAsync(
            (db, token) =>
                db
                    .Database.SqlQueryRaw<Archiver>(
                        "SELECT last_archived_time AS \"Archived\", last_failed_time AS \"Failed\", last_failed_wal AS \"FailedWal\" FROM pg_stat_archiver"
                    )
                    .SingleAsync(token),
            ct
        );
        if (archiver.Failed is { } failed && !(archiver.Archived > failed))
            findings.Fault(
                $"WAL 归档失败（{archiver.FailedWal}，{failed:u}）",
                "请检查 archive_command 和归档目录的空间；归档不成功，WAL 会一直占用磁盘。"
            );
        return archiver.Archived is { } archived ? new DateTimeOffset(archived) : null;
    }

    public override ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>Quotes a text as one word for a shell.</summary>
    private static string Shell(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || "._-/,".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <exception cref="OperatorException">The connection string names no host or no database.</exception>
    public static string ConnectionString(string? configured)
    {
        const string Example = "应如 Host=127.0.0.1;Database=serviceeval;Username=serviceeval;Password=口令。";
        if (string.IsNullOrWhiteSpace(configured))
            throw new OperatorException(
                $"ServiceEval__Database 为 postgresql 时必须设置 ConnectionStrings__ServiceEval，{Example}"
            );
        try
        {
            if (
                new NpgsqlConnectionStringBuilder(configured)
                    is { Host.Length: > 0, Database.Length: > 0, Port: <= ushort.MaxValue } read
                && read.MinPoolSize <= read.MaxPoolSize
            )
                return configured;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            // The exception below reports it. This one is not quoted, because the connection string may contain a
            // password.
        }
        throw new OperatorException($"ConnectionStrings__ServiceEval 不是 PostgreSQL 的连接字符串，{Example}");
    }

    /// <summary>Returns one sentence about the error; null if the exception does not come from PostgreSQL.</summary>
    public static string? SentenceOn(Exception e) =>
        e switch
        {
            PostgresException said => SentenceOn(said),
            NpgsqlException { InnerException: TimeoutException } =>
                $"PostgreSQL 没有及时回应（{e.Message}），请检查 ConnectionStrings__ServiceEval、网络和数据库服务。",
            NpgsqlException =>
                $"连不上 PostgreSQL（{e.Message}{(e.InnerException is { } inner ? $"：{inner.Message}" : "")}），请检查 ConnectionStrings__ServiceEval、网络和数据库服务。",
            _ => null,
        };

    private static string SentenceOn(PostgresException said) =>
        said.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"PostgreSQL 不接受这个用户名或口令（{said.MessageText}），请检查 ConnectionStrings__ServiceEval。",
            PostgresErrorCodes.InvalidCatalogName =>
                $"PostgreSQL 上没有这个数据库（{said.MessageText}），请先运行 migrate，或检查 ConnectionStrings__ServiceEval。",
            PostgresErrorCodes.InsufficientPrivilege => $"数据库用户的权限不够（{said.MessageText}），请授予后再试。",
            PostgresErrorCodes.TooManyConnections =>
                $"PostgreSQL 的连接数已满（{said.MessageText}），请调大 max_connections 或减少节点。",
            PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown => $"PostgreSQL 正在启动或停止（{said.MessageText}），请稍后再试。",
            PostgresErrorCodes.LockNotAvailable => $"数据库正被别的程序占用（{said.MessageText}），请稍后再试。",
            PostgresErrorCodes.DiskFull =>
                $"数据库服务器的磁盘已满（{said.MessageText}），没有保存，请腾出空间后再试。",
            _ => $"PostgreSQL 拒绝了（{said.SqlState}：{said.MessageText}）。",
        };

    private sealed record Setting(string Name, string Value);

    private sealed record Archiver(DateTime? Archived, DateTime? Failed, string? FailedWal);
}
