using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ServiceEval.Data.Sqlite;

public static class SqliteOptions
{
    /// <summary>The context on a SQLite file, with the quirks of this project.</summary>
    public static DbContextOptionsBuilder UseServiceEvalSqlite(
        this DbContextOptionsBuilder options,
        string connectionString
    ) => options.UseSqlite(Complete(connectionString), Configure).WithQuirks();

    /// <summary>The context on a connection that somebody else owns: the writer's.</summary>
    public static DbContextOptionsBuilder UseServiceEvalSqlite(
        this DbContextOptionsBuilder options,
        DbConnection connection
    ) => options.UseSqlite(connection, Configure).WithQuirks();

    /// <summary>
    /// A locked database is given up after about a second: a citizen is then told that nothing was stored, at once
    /// rather than after the driver's thirty seconds.
    /// </summary>
    internal static string Complete(string connectionString) =>
        new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = true, DefaultTimeout = 1 }.ToString();

    // A list goes to the database as one parameter: as many parameters as it has members, the SQL is made anew every
    // time.
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
