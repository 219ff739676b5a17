using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Sqlite;

namespace ServiceEval.Web.Hosting;

/// <summary>The one place that knows which database there is.</summary>
public static class DatabaseChoice
{
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.AddDbContextFactory<ServiceEvalDb>((provider, options) => options.UseServiceEvalSqlite(ConnectionString(provider)));
        services.AddSingleton(provider => new SqliteWriter(ConnectionString(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRatingStore>(provider => provider.GetRequiredService<SqliteWriter>());
        services.AddSingleton<IWriteGate>(provider => provider.GetRequiredService<SqliteWriter>());
        services.AddSingleton<ILedgerReader>(provider => new SqliteLedgerReader(ConnectionString(provider)));
        services.AddSingleton<IReadSnapshot>(provider => new SqliteSnapshots(ConnectionString(provider)));
        return services;
    }

    /// <summary>Creates the data directory and brings the schema up to date.</summary>
    /// <exception cref="StartException">The directory can't be written, or the file is no sound database.</exception>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken ct)
    {
        var path = services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.DataPath;
        try
        {
            CreateDirectory(path);
            var probe = Path.Combine(path, $".write-{Guid.CreateVersion7()}");
            await File.WriteAllBytesAsync(probe, [], ct);
            File.Delete(probe);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StartException($"数据目录 {path} 建不了：那里不能建目录，请用 ServiceEval__DataDirectory 另指一处。", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"数据目录 {path} 无法写入：{e.Message} 请检查目录权限，或用 ServiceEval__DataDirectory 另指一处。", e);
        }

        try
        {
            await using var db = await services.GetRequiredService<IDbContextFactory<ServiceEvalDb>>().CreateDbContextAsync(ct);
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", ct);
            // Its tables would be read as what they no longer are.
            if ((await db.Database.GetAppliedMigrationsAsync(ct)).Except(db.Database.GetMigrations()).FirstOrDefault() is { } later)
                throw new StartException($"数据库是由更新版本的程序建立或升级的（{later}），请换用新版程序，或从升级前的备份恢复。");
            await db.Database.MigrateAsync(ct);
        }
        catch (Exception e) when (SentenceOn(e) is { } sentence)
        {
            throw new StartException(sentence, e);
        }
    }

    /// <summary>One sentence on what the database said; null if it was not the database.</summary>
    public static string? SentenceOn(Exception e) => e switch
    {
        SqliteException { SqliteErrorCode: 11 or 26 } => $"数据库文件已损坏或不是 SQLite 数据库（{e.Message}）。请从备份恢复，原文件不要删除。",
        SqliteException { SqliteErrorCode: 5 or 6 } => $"数据库正被别的程序占用（{e.Message}），请稍后再试。",
        SqliteException { SqliteErrorCode: 13 } => $"磁盘已满（{e.Message}），没有保存，请腾出空间后再试。",
        SqliteException => $"数据库打不开：{e.Message}",
        DbUpdateException { InnerException: SqliteException inner } => SentenceOn(inner),
        _ => null,
    };

    private static string ConnectionString(IServiceProvider services)
    {
        var configured = services.GetRequiredService<IConfiguration>().GetConnectionString("ServiceEval");
        var path = services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.DataPath;
        if (configured is null) return new SqliteConnectionStringBuilder { DataSource = Path.Combine(path, "serviceeval.db") }.ToString();
        try
        {
            // Without a file every connection would get an empty database of its own.
            if (new SqliteConnectionStringBuilder(configured).DataSource is not ("" or ":memory:")) return configured;
        }
        catch (ArgumentException)
        {
            // Said below.
        }
        throw new StartException("ConnectionStrings:ServiceEval 无法识别，应如 Data Source=/var/lib/serviceeval/serviceeval.db。");
    }

    /// <summary>Comments are for the service's own account only; a directory that is there keeps the access it was given.</summary>
    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

/// <summary>The start can't go on; the message is one sentence a person can act on.</summary>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
