using Microsoft.EntityFrameworkCore;
using Npgsql;
using ServiceEval.Data;
using ServiceEval.Data.PostgreSql;

namespace ServiceEval.TestDatabases;

/// <summary>A cluster on which databases with the real schema are made: migrated once, then copied.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Template = "migrated";

    private int _databases;

    private PostgreSqlServer(PostgreSqlCluster cluster) => Cluster = cluster;

    public PostgreSqlCluster Cluster { get; }

    public static async Task<PostgreSqlServer> StartAsync() => await OnAsync(await PostgreSqlCluster.StartAsync());

    /// <inheritdoc cref="PostgreSqlCluster.StartDurableAsync"/>
    public static async Task<PostgreSqlServer> StartDurableAsync() =>
        await OnAsync(await PostgreSqlCluster.StartDurableAsync());

    private static async Task<PostgreSqlServer> OnAsync(PostgreSqlCluster cluster)
    {
        var server = new PostgreSqlServer(cluster);
        try
        {
            var options = new DbContextOptionsBuilder<ServiceEvalDb>();
            // No pool: a database that anybody is connected to can't be copied.
            options.UseServiceEvalPostgreSql($"{server.Cluster.ConnectionTo(Template)};Pooling=False");
            await using var db = new ServiceEvalDb(options.Options);
            await db.Database.MigrateAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection string of an empty database, its schema up to date.</summary>
    public Task<string> CreateDatabaseAsync() => CreateAsync($" TEMPLATE {Template}");

    /// <summary>The connection string of a database without a table.</summary>
    public Task<string> CreateBareDatabaseAsync() => CreateAsync("");

    /// <summary>Ends whatever is connected to it.</summary>
    public Task DropAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    private async Task<string> CreateAsync(string from)
    {
        var name = FormattableString.Invariant($"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"CREATE DATABASE {name}{from}");
        return Cluster.ConnectionTo(name);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Cluster.ConnectionTo("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are made here.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
