using DotNet.Testcontainers.Builders;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;
using ServiceEval.SqlServer;
using Testcontainers.MsSql;

namespace ServiceEval.TestDatabases;

/// <summary>
/// The SQL Server that <see cref="Variable"/> names, or one in a container if a Docker engine answers. A container ends
/// with the process that started it. On a named server each test removes the database that it made.
/// </summary>
public sealed class SqlServerServer : IAsyncDisposable
{
    /// <summary>The variable with a connection string. Its login must be allowed to create databases.</summary>
    public const string Variable = "SERVICEEVAL_TEST_SQLSERVER";

    private const string Image = "mcr.microsoft.com/mssql/server:2022-latest";

    private static readonly Lazy<string?> Reason = new(FindReason);

    private readonly MsSqlContainer? _container;
    private readonly string _connectionString;
    private int _databases;

    private SqlServerServer(MsSqlContainer? container, string connectionString) =>
        (_container, _connectionString) = (container, connectionString);

    /// <summary>The reason why there is no server; null if there is one.</summary>
    public static string? WhyNot => Reason.Value;

    private static string? Named =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;

    public static async Task<SqlServerServer> StartAsync()
    {
        if (Named is { } named)
            return new SqlServerServer(null, named);
        var container = new MsSqlBuilder(Image).Build();
        await container.StartAsync();
        return new SqlServerServer(container, container.GetConnectionString());
    }

    /// <summary>Creates an empty database as <c>migrate</c> does and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var connectionString = NewDatabaseName();
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlServer(connectionString);
        await using var db = new ServiceEvalDb(options.Options);
        await db.Database.MigrateAsync();
        await DatabaseSettings.ApplyAsync(db, CancellationToken.None);
        return connectionString;
    }

    /// <summary>Returns the connection string of a database that does not exist yet.</summary>
    public string NewDatabaseName() =>
        new SqlConnectionStringBuilder(_connectionString)
        {
            // A named server may serve several test runs at the same time, so the name is unique to this run.
            InitialCatalog = FormattableString.Invariant(
                $"serviceeval_test_{Guid.CreateVersion7():N}_{Interlocked.Increment(ref _databases)}"
            ),
        }.ToString();

    /// <summary>Ends all sessions of the database and removes it.</summary>
    public async Task DropAsync(string connectionString)
    {
        await using var connection = new SqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        var name = new SqlConnectionStringBuilder(connectionString).InitialCatalog;
#pragma warning disable CA2100 // The names are made here.
        command.CommandText =
            $"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{name}]";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _container?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string? FindReason()
    {
        if (Named is not null)
            return null;
        try
        {
            // This call looks for a Docker engine in every way that it knows and checks that the engine answers.
            new MsSqlBuilder(Image).Build();
            return null;
        }
        catch (DockerUnavailableException)
        {
            return $"SQL Server 的测试需要 Docker，或用环境变量 {Variable} 指出一个可以建库的 SQL Server；本机两者都没有：没有运行，只由 ServiceEval.SqlServer.Tests 核对它的 T-SQL。";
        }
    }
}
