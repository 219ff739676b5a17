using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace ServiceEval.Data.SqlServer;

public static class SqlServerOptions
{
    /// <summary>The context on a SQL Server database, with the quirks of this project.</summary>
    /// <exception cref="ArgumentException">No connection string for SQL Server.</exception>
    public static DbContextOptionsBuilder UseServiceEvalSqlServer(
        this DbContextOptionsBuilder options,
        string connectionString
    ) => options.UseSqlServer(ConnectionStrings.Complete(connectionString), Configure).WithQuirks();

    /// <summary>The context on a connection that somebody else owns.</summary>
    public static DbContextOptionsBuilder UseServiceEvalSqlServer(
        this DbContextOptionsBuilder options,
        DbConnection connection
    ) => options.UseSqlServer(connection, Configure).WithQuirks();

    internal static DbContextOptions<ServiceEvalDb> Of(string connectionString) =>
        (DbContextOptions<ServiceEvalDb>)
            new DbContextOptionsBuilder<ServiceEvalDb>().UseServiceEvalSqlServer(connectionString).Options;

    // The provider's own strategy wraps what may pass in an exception of no database's, so that nobody could tell it
    // was one. Lists of texts as parameters of their own: as one of JSON they have the database's collation, which a
    // key's column has not.
    private static void Configure(SqlServerDbContextOptionsBuilder sqlServer) =>
        sqlServer
            .MigrationsAssembly(typeof(SqlServerOptions).Assembly.GetName().Name)
            .UseParameterizedCollectionMode(ParameterTranslationMode.MultipleParameters)
            .ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies));

    private static DbContextOptionsBuilder WithQuirks(this DbContextOptionsBuilder options) =>
        options.ReplaceService<IModelCustomizer, SqlServerModelCustomizer>();
}
