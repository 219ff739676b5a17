using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.SqlServer;

namespace ServiceEval.TestDatabases;

/// <summary>A database on a SQL Server.</summary>
public sealed class SqlServerTestDatabase : TestDatabase
{
    private readonly SqlServerServer _server;

    private SqlServerTestDatabase(SqlServerServer server, string connectionString) =>
        (_server, ConnectionString) = (server, connectionString);

    public override string ConnectionString { get; }
    public override IWriteGate Writes => new SqlServerGate(ConnectionString);
    public override IReadSnapshot Snapshots => new SqlServerSnapshots(ConnectionString);
    public override ILedgerReader Ledger => new SqlServerLedgerReader(ConnectionString);

    protected override DbContextOptions<ServiceEvalDb> Options =>
        (DbContextOptions<ServiceEvalDb>)
            new DbContextOptionsBuilder<ServiceEvalDb>().UseServiceEvalSqlServer(ConnectionString).Options;

    public static async Task<SqlServerTestDatabase> CreateAsync(SqlServerServer server) =>
        new(server, await server.CreateDatabaseAsync());

    public override IRatingStore NewStore(TimeProvider? time = null) =>
        new SqlServerStore(ConnectionString, Author, time ?? TimeProvider.System);

    public override DbConnection Connect() => new SqlConnection(ConnectionString);

    public override async ValueTask DisposeAsync() => await _server.DropAsync(ConnectionString);
}
