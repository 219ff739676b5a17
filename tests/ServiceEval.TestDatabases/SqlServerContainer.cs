using DotNet.Testcontainers.Builders;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.SqlServer;
using Testcontainers.MsSql;

namespace ServiceEval.TestDatabases;

/// <summary>A SQL Server in a container, wherever a Docker engine answers; it is gone with the process that started it.</summary>
public sealed class SqlServerContainer : IAsyncDisposable
{
    private const string Image = "mcr.microsoft.com/mssql/server:2022-latest";

    private static readonly Lazy<string?> Reason = new(FindReason);

    private readonly MsSqlContainer _container = new MsSqlBuilder(Image).Build();
    private int _databases;

    private SqlServerContainer()
    {
    }

    /// <summary>Null where a Docker engine answers.</summary>
    public static string? WhyNot => Reason.Value;

    public static async Task<SqlServerContainer> StartAsync()
    {
        var server = new SqlServerContainer();
        await server._container.StartAsync();
        return server;
    }

    /// <summary>The connection string of an empty database, as <c>migrate</c> makes it.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = FormattableString.Invariant($"test{Interlocked.Increment(ref _databases)}");
        var connectionString = new SqlConnectionStringBuilder(_container.GetConnectionString()) { InitialCatalog = name }.ToString();
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlServer(connectionString);
        await using var db = new ServiceEvalDb(options.Options);
        await db.Database.MigrateAsync();
        await DatabaseSettings.ApplyAsync(db, CancellationToken.None);
        return connectionString;
    }

    /// <summary>Ends whatever is connected to it.</summary>
    public async Task DropAsync(string connectionString)
    {
        await using var connection = new SqlConnection(_container.GetConnectionString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        var name = new SqlConnectionStringBuilder(connectionString).InitialCatalog;
#pragma warning disable CA2100 // The names are made here.
        command.CommandText = $"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{name}]";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    private static string? FindReason()
    {
        try
        {
            // It looks for an engine on every way that it knows, and asks it whether it is there.
            new MsSqlBuilder(Image).Build();
            return null;
        }
        catch (DockerUnavailableException)
        {
            return "SQL Server 的测试需要 Docker，本机没有可用的 Docker 引擎：没有运行，只由 ServiceEval.SqlServer.Tests 核对它的 T-SQL。";
        }
    }
}
