using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using ServiceEval.Core.Storage;

namespace ServiceEval.SqlServer;

public static class SqlServerOptions
{
    /// <summary>Configures the context for a SQL Server database, with the special settings of this project.</summary>
    /// <exception cref="ArgumentException">The text is not a connection string for SQL Server.</exception>
    public static DbContextOptionsBuilder UseServiceEvalSqlServer(
        this DbContextOptionsBuilder options,
        string connectionString
    ) => options.UseSqlServer(ConnectionStrings.Complete(connectionString), Configure).WithQuirks();

    /// <summary>Configures the context for a connection that the caller owns.</summary>
    public static DbContextOptionsBuilder UseServiceEvalSqlServer(
        this DbContextOptionsBuilder options,
        DbConnection connection
    ) => options.UseSqlServer(connection, Configure).WithQuirks();

    internal static DbContextOptions<ServiceEvalDb> Of(string connectionString) =>
        (DbContextOptions<ServiceEvalDb>)
            new DbContextOptionsBuilder<ServiceEvalDb>().UseServiceEvalSqlServer(connectionString).Options;

    // The provider's own strategy wraps transient errors in an exception that is not a database exception, so callers
    // could not recognise them. A list of texts is sent as separate parameters. As one JSON parameter, the texts would
    // have the collation of the database, which a key column does not have.
    private static void Configure(SqlServerDbContextOptionsBuilder sqlServer) =>
        sqlServer
            .MigrationsAssembly(typeof(SqlServerOptions).Assembly.GetName().Name)
            .UseParameterizedCollectionMode(ParameterTranslationMode.MultipleParameters)
            .ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies));

    private static DbContextOptionsBuilder WithQuirks(this DbContextOptionsBuilder options) =>
        options.ReplaceService<IModelCustomizer, SqlServerModelCustomizer>();
}
