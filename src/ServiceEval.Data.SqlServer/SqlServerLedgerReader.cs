using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using ServiceEval.Data.Ledger;

namespace ServiceEval.Data.SqlServer;

/// <summary>Reads the ledger for verification in transactions that never commit.</summary>
public sealed class SqlServerLedgerReader(string connectionString) : LedgerReader(SqlServerOptions.Of(connectionString))
{
    private const string Parameter = "@after";
    private const int MissingColumn = 207;
    private const int MissingTable = 208;

    private readonly string _connectionString = ConnectionStrings.OfSnapshots(connectionString);

    // A server sends all that is asked for, also to one who reads no further.
    protected override string PageBegin { get; } = FormattableString.Invariant($"TOP ({PageSize}) WITH TIES ");

    protected override string After => Parameter;

    protected override LedgerConnection Open(bool asOneMoment)
    {
        var connection = new SqlConnection(_connectionString);
        try
        {
            connection.Open();
            return new Connection(connection, connection.BeginTransaction(IsolationLevel.Snapshot));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override LedgerUnreadableException Unreadable(DbException fault) => new(fault switch
    {
        // Nobody has migrated it yet.
        SqlException { Number: MissingTable } e when e.Message.Contains("__EFMigrationsHistory", StringComparison.Ordinal) => LedgerUnreadable.OlderThanProgram,
        SqlException { Number: MissingTable or MissingColumn } or SqlException { Class: >= 21 and <= 24 } => LedgerUnreadable.Damaged,
        _ => LedgerUnreadable.NotThere,
    }, fault.Message, fault);

    private sealed class Connection(SqlConnection connection, SqlTransaction moment) : LedgerConnection
    {
        public override SuspectRows Query(string sql) => new SqlServerSuspectRows(Command(sql));

        public override SuspectRows Query(string sql, long after)
        {
            var command = Command(sql);
            command.Parameters.Add(Parameter, SqlDbType.BigInt).Value = after;
            return new SqlServerSuspectRows(command);
        }

        public override SuspectRows Query(string sql, byte[] after)
        {
            var command = Command(sql);
            command.Parameters.Add(Parameter, SqlDbType.Binary, 16).Value = after;
            return new SqlServerSuspectRows(command);
        }

        protected override void Dispose(bool disposing)
        {
            moment.Dispose();
            connection.Dispose();
        }

        private SqlCommand Command(string sql)
        {
            var command = connection.CreateCommand();
            (command.Transaction, command.CommandTimeout) = (moment, 0);
#pragma warning disable CA2100 // The reader's own texts; keys are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            return command;
        }
    }
}
