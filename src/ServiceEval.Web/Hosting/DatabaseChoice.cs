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
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".write-{Guid.CreateVersion7()}");
            await File.WriteAllBytesAsync(probe, [], ct);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"数据目录 {path} 无法写入：{e.Message} 请检查目录权限，或用 ServiceEval__DataDirectory 另指一处。", e);
        }

        try
        {
            await using var db = await services.GetRequiredService<IDbContextFactory<ServiceEvalDb>>().CreateDbContextAsync(ct);
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", ct);
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
        try
        {
            return new SqliteConnectionStringBuilder(configured ?? "") is { DataSource.Length: > 0 } given
                ? given.ToString()
                : new SqliteConnectionStringBuilder { DataSource = Path.Combine(path, "serviceeval.db") }.ToString();
        }
        catch (ArgumentException e)
        {
            throw new StartException($"ConnectionStrings:ServiceEval 不是 SQLite 的连接字符串：{e.Message}", e);
        }
    }
}

/// <summary>The start can't go on; the message is one sentence a person can act on.</summary>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
