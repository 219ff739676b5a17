using Microsoft.EntityFrameworkCore;
using Npgsql;
using ServiceEval.Core.Storage;
using ServiceEval.PostgreSql;

namespace ServiceEval.TestDatabases;

/// <summary>A cluster for databases with the real schema. The schema is migrated once and then copied.</summary>
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
            // Connections are not pooled, because a database with an open connection cannot be copied.
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

    /// <summary>Creates an empty database with the current schema and returns its connection string.</summary>
    public Task<string> CreateDatabaseAsync() => CreateAsync($" TEMPLATE {Template}");

    /// <summary>Creates a database without tables and returns its connection string.</summary>
    public Task<string> CreateBareDatabaseAsync() => CreateAsync("");

    /// <summary>Removes the database and ends all its connections.</summary>
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
