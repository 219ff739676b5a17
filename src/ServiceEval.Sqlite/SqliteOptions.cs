using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ServiceEval.Sqlite;

public static class SqliteOptions
{
    /// <summary>Configures the context for a SQLite file, with the special settings of this project.</summary>
    public static DbContextOptionsBuilder UseServiceEvalSqlite(
        this DbContextOptionsBuilder options,
        string connectionString
    ) => options.UseSqlite(Complete(connectionString), Configure).WithQuirks();

    /// <summary>Configures the context for a connection that the caller owns, such as the writer's.</summary>
    public static DbContextOptionsBuilder UseServiceEvalSqlite(
        this DbContextOptionsBuilder options,
        DbConnection connection
    ) => options.UseSqlite(connection, Configure).WithQuirks();

    /// <summary>
    /// Completes the connection string. A locked database is given up after about one second. The citizen then gets the
    /// answer at once that nothing was stored, and not after the driver's 30 seconds.
    /// </summary>
    internal static string Complete(string connectionString) =>
        new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = true, DefaultTimeout = 1 }.ToString();

    // A list is sent to the database as one parameter. With one parameter for each member, the SQL would be generated
    // again every time.
    private static void Configure(SqliteDbContextOptionsBuilder sqlite) =>
        sqlite
            .MigrationsAssembly(typeof(SqliteOptions).Assembly.GetName().Name)
            .UseParameterizedCollectionMode(ParameterTranslationMode.Parameter);

    private static DbContextOptionsBuilder WithQuirks(this DbContextOptionsBuilder options) =>
        options
            .AddInterceptors(PragmaInterceptor.Instance)
            .ReplaceService<IModelCustomizer, SqliteModelCustomizer>()
            .ReplaceService<IMigrationsSqlGenerator, WithoutRowIdSqlGenerator>();
}
