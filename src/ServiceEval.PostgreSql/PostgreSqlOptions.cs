using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using ServiceEval.Core.Storage;

namespace ServiceEval.PostgreSql;

public static class PostgreSqlOptions
{
    /// <summary>Configures the context for a PostgreSQL database, with the special settings of this project.</summary>
    /// <exception cref="ArgumentException">The text is not a connection string for PostgreSQL.</exception>
    public static DbContextOptionsBuilder UseServiceEvalPostgreSql(
        this DbContextOptionsBuilder options,
        string connectionString
    ) => options.UseNpgsql(ConnectionStrings.Complete(connectionString), Configure).WithQuirks();

    /// <summary>Configures the context for a connection that the caller owns.</summary>
    public static DbContextOptionsBuilder UseServiceEvalPostgreSql(
        this DbContextOptionsBuilder options,
        DbConnection connection
    ) => options.UseNpgsql(connection, Configure).WithQuirks();

    internal static DbContextOptions<ServiceEvalDb> Of(string connectionString) =>
        (DbContextOptions<ServiceEvalDb>)
            new DbContextOptionsBuilder<ServiceEvalDb>().UseServiceEvalPostgreSql(connectionString).Options;

    // The provider's own strategy wraps transient errors in an exception that is not a database exception, so callers
    // could not recognise them.
    private static void Configure(NpgsqlDbContextOptionsBuilder npgsql) =>
        npgsql
            .MigrationsAssembly(typeof(PostgreSqlOptions).Assembly.GetName().Name)
            .ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies));

    private static DbContextOptionsBuilder WithQuirks(this DbContextOptionsBuilder options) =>
        options.ReplaceService<IModelCustomizer, PostgreSqlModelCustomizer>();
}
