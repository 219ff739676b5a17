using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Nodes;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Hosting.Nodes;

namespace ServiceEval.Web.Hosting;

/// <summary>The only place that knows which databases are supported.</summary>
public static partial class DatabaseChoice
{
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        // The database is chosen when it is first needed. By then all settings have been validated together.
        services.AddSingleton(Choose).AddSingleton<VolatileStorage>();
        services.AddDbContextFactory<ServiceEvalDb>(
            (provider, options) => provider.GetRequiredService<DatabaseEngine>().Use(options)
        );
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseEngine>().Ratings);
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseEngine>().Writes);
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseEngine>().Snapshots);
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseEngine>().Ledger);
        return services;
    }

    /// <summary>Creates the data directory and migrates the database to the current schema.</summary>
    /// <exception cref="OperatorException">The directory is not writable, or the database is damaged or not
    /// reachable.</exception>
    public static Task MigrateAsync(IServiceProvider services, CancellationToken ct) =>
        PrepareAsync(services, mayMigrate: true, ct);

    /// <summary>
    /// Creates the data directory, and migrates a database file. A server's database must be migrated already.
    /// </summary>
    /// <inheritdoc cref="MigrateAsync"/>
    public static Task OpenAsync(IServiceProvider services, CancellationToken ct) =>
        PrepareAsync(services, mayMigrate: false, ct);

    /// <summary>
    /// Returns one sentence about a database error. Returns null if the exception does not come from the database.
    /// </summary>
    public static string? SentenceOn(Exception e) =>
        e is DbUpdateException { InnerException: { } inner }
            ? SentenceOn(inner)
            : SqliteEngine.SentenceOn(e) ?? PostgreSqlEngine.SentenceOn(e) ?? SqlServerEngine.SentenceOn(e);

    /// <summary>
    /// Returns why the database cannot be read. Returns null if the exception does not come from the database.
    /// </summary>
    public static string? WhyUnreadable(Exception e) =>
        e switch
        {
            LedgerUnreadableException { Reason: LedgerUnreadable.NotThere, InnerException: null } =>
                $"没有数据库文件 {e.Message}",
            LedgerUnreadableException { InnerException: { } inner } => WhyUnreadable(inner),
            _ => SentenceOn(e)?.TrimEnd('。'),
        };

    private static async Task PrepareAsync(IServiceProvider services, bool mayMigrate, CancellationToken ct)
    {
        await DataDirectory.PrepareAsync(
            services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.DataPath,
            ct
        );
        var engine = services.GetRequiredService<DatabaseEngine>();
        try
        {
            await using var db = await services
                .GetRequiredService<IDbContextFactory<ServiceEvalDb>>()
                .CreateDbContextAsync(ct);
            var (ours, applied) = (
                db.Database.GetMigrations().ToList(),
                (await db.Database.GetAppliedMigrationsAsync(ct)).ToList()
            );
            var missing = ours.Except(applied).FirstOrDefault();
            // This program would misread tables that a newer program has changed.
            if (applied.Except(ours).FirstOrDefault() is { } later)
                throw new OperatorException(
                    $"数据库是由更新版本的程序建立或升级的（{later}），请换用新版程序，或从升级前的备份恢复。"
                );
            if (mayMigrate || !engine.IsServer)
            {
                if (missing is not null && applied.Count > 0)
                    await RefuseBesideNodesAsync(services, ct);
                if (missing is not null && applied.Count > 0 && engine.File is { } file)
                    await KeepAsync(services, file, missing, ct);
                await engine.MigrateAsync(db, ct);
            }
            else if (missing is not null)
                throw new OperatorException(
                    $"数据库还没有建好或升级到本版本（缺 {missing}），请先备份，再运行 migrate。"
                );
            if (await engine.WhyUnfitAsync(ct) is { } unfit)
                throw new OperatorException(unfit);
        }
        catch (Exception e) when (SentenceOn(e) is { } sentence)
        {
            throw new OperatorException(sentence, e);
        }
    }

    /// <summary>
    /// Refuses to migrate while a node runs. The node would keep writing by its own version's schema, which no longer
    /// exists.
    /// </summary>
    private static async Task RefuseBesideNodesAsync(IServiceProvider services, CancellationToken ct)
    {
        var databases = services.GetRequiredService<IDbContextFactory<ServiceEvalDb>>();
        foreach (var node in await NodesAsync(databases, ct))
        {
            if (
                NodeWatch.IsGoneFromHere(node)
                || NodeWatch.IsThisProcess(node)
                || !await NodeWatch.BeatsAsync(databases, node.Id, node.Beat, ct)
            )
                continue;
            throw new OperatorException(
                $"节点 {NodeWatch.NameOf(node.Machine, node.ProcessId)}还在使用这个数据库，没有升级。请先停掉所有节点，再试一次。"
            );
        }
    }

    private static async Task<IReadOnlyList<Node>> NodesAsync(
        IDbContextFactory<ServiceEvalDb> databases,
        CancellationToken ct
    )
    {
        try
        {
            return await NodeWatch.ReadAsync(databases, ct);
        }
        catch (DbException)
        {
            // This database is older than the table of nodes.
            return [];
        }
    }

    private static async Task KeepAsync(
        IServiceProvider services,
        DatabaseFile file,
        string missing,
        CancellationToken ct
    )
    {
        var copy = await file.KeepAsync(
            services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.DataPath,
            missing,
            ct
        );
        Log.Kept(services.GetRequiredService<ILogger<DatabaseFile>>(), copy);
    }

    private static DatabaseEngine Choose(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value;
        var configured = services.GetRequiredService<IConfiguration>().GetConnectionString("ServiceEval");
        // The builder of a connection string would cut the value at a line end, or take the line end as a part of a
        // name.
        if (!SettingText.IsReadable(configured))
            throw new OperatorException(SettingText.Fault("ConnectionStrings__ServiceEval"));
        var (author, time) = (services.GetRequiredService<LedgerAuthor>(), services.GetRequiredService<TimeProvider>());
        return options.Database switch
        {
            ServiceEvalOptions.PostgreSql => new PostgreSqlEngine(
                PostgreSqlEngine.ConnectionString(configured),
                author,
                time
            ),
            ServiceEvalOptions.SqlServer => new SqlServerEngine(
                SqlServerEngine.ConnectionString(configured),
                author,
                time
            ),
            _ => new SqliteEngine(SqliteEngine.ConnectionString(configured, options.DataPath), author, time),
        };
    }

    private static partial class Log
    {
        [LoggerMessage(9011, LogLevel.Warning, "The database will be upgraded. A copy of the old one is in {Copy}")]
        public static partial void Kept(ILogger logger, string copy);
    }
}
