using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace ServiceEval.Data.PostgreSql;

public static class PostgreSqlOptions
{
    /// <summary>The context on a PostgreSQL database, with the quirks of this project.</summary>
    /// <exception cref="ArgumentException">No connection string for PostgreSQL.</exception>
    public static DbContextOptionsBuilder UseServiceEvalPostgreSql(
        this DbContextOptionsBuilder options,
        string connectionString
    ) => options.UseNpgsql(ConnectionStrings.Complete(connectionString), Configure).WithQuirks();

    /// <summary>The context on a connection that somebody else owns.</summary>
    public static DbContextOptionsBuilder UseServiceEvalPostgreSql(
        this DbContextOptionsBuilder options,
        DbConnection connection
    ) => options.UseNpgsql(connection, Configure).WithQuirks();

    internal static DbContextOptions<ServiceEvalDb> Of(string connectionString) =>
        (DbContextOptions<ServiceEvalDb>)
            new DbContextOptionsBuilder<ServiceEvalDb>().UseServiceEvalPostgreSql(connectionString).Options;

    // The provider's own strategy wraps what may pass in an exception of no database's, so that nobody could tell it
    // was one.
    private static void Configure(NpgsqlDbContextOptionsBuilder npgsql) =>
        npgsql
            .MigrationsAssembly(typeof(PostgreSqlOptions).Assembly.GetName().Name)
            .ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies));

    private static DbContextOptionsBuilder WithQuirks(this DbContextOptionsBuilder options) =>
        options.ReplaceService<IModelCustomizer, PostgreSqlModelCustomizer>();
}
