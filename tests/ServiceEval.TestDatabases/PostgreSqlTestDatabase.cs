using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.PostgreSql;

namespace ServiceEval.TestDatabases;

/// <summary>A database on a cluster for the tests.</summary>
public sealed class PostgreSqlTestDatabase : TestDatabase
{
    private readonly PostgreSqlServer _server;

    private PostgreSqlTestDatabase(PostgreSqlServer server, string connectionString) =>
        (_server, ConnectionString) = (server, connectionString);

    public override string ConnectionString { get; }
    public override IWriteGate Writes => new PostgreSqlGate(ConnectionString);
    public override IReadSnapshot Snapshots => new PostgreSqlSnapshots(ConnectionString);
    public override ILedgerReader Ledger => new PostgreSqlLedgerReader(ConnectionString);

    protected override DbContextOptions<ServiceEvalDb> Options =>
        (DbContextOptions<ServiceEvalDb>)
            new DbContextOptionsBuilder<ServiceEvalDb>().UseServiceEvalPostgreSql(ConnectionString).Options;

    public static async Task<PostgreSqlTestDatabase> CreateAsync(PostgreSqlServer server) =>
        new(server, await server.CreateDatabaseAsync());

    public override IRatingStore NewStore(TimeProvider? time = null) =>
        new PostgreSqlStore(ConnectionString, Author, time ?? TimeProvider.System);

    public override DbConnection Connect() => new NpgsqlConnection(ConnectionString);

    public override async ValueTask DisposeAsync() => await _server.DropAsync(ConnectionString);
}
