using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ledger;

namespace ServiceEval.SqlServer;

/// <summary>
/// Reads the ledger for verification in transactions that never commit. The class is not sealed, so that a test can
/// record its queries instead of sending them.
/// </summary>
public class SqlServerLedgerReader(string connectionString) : LedgerReader(SqlServerOptions.Of(connectionString))
{
    private const string Parameter = "@after";
    private const int MissingColumn = 207;
    private const int MissingTable = 208;

    private readonly string _connectionString = ConnectionStrings.OfSnapshots(connectionString);

    // The server sends all rows of a query, even if the client stops reading.
    protected override string PageBegin { get; } = FormattableString.Invariant($"TOP ({PageSize}) WITH TIES ");

    protected override string After => Parameter;

    protected override string LengthOf => "DATALENGTH";

    // Versions 5.2 to 7.1 of the driver throw exceptions of .NET if a chunk of a long text crosses a packet.
    protected override string? Driver => typeof(SqlConnection).Assembly.GetName().Name;

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

    protected override LedgerUnreadableException Unreadable(DbException fault) =>
        new(
            fault switch
            {
                // The database was never migrated.
                SqlException { Number: MissingTable } e
                    when e.Message.Contains("__EFMigrationsHistory", StringComparison.Ordinal) =>
                    LedgerUnreadable.OlderThanProgram,
                SqlException { Number: MissingTable or MissingColumn } or SqlException { Class: >= 21 and <= 24 } =>
                    LedgerUnreadable.Damaged,
                _ => LedgerUnreadable.NotThere,
            },
            fault.Message,
            fault
        );

    internal static SqlCommand Command(string sql, SqlParameter? after = null)
    {
#pragma warning disable CA2100 // The text is the reader's own; keys are parameters.
        var command = new SqlCommand(sql) { CommandTimeout = 0 };
#pragma warning restore CA2100
        if (after is not null)
            command.Parameters.Add(after);
        return command;
    }

    internal static SqlParameter AfterKey(byte[] key) => new(Parameter, SqlDbType.Binary, 16) { Value = key };

    internal static SqlParameter AfterSequence(long sequence) => new(Parameter, SqlDbType.BigInt) { Value = sequence };

    private sealed class Connection(SqlConnection connection, SqlTransaction moment) : LedgerConnection
    {
        public override SuspectRows Query(string sql) => Read(Command(sql));

        public override SuspectRows Query(string sql, long after) => Read(Command(sql, AfterSequence(after)));

        public override SuspectRows Query(string sql, byte[] after) => Read(Command(sql, AfterKey(after)));

        protected override void Dispose(bool disposing)
        {
            moment.Dispose();
            connection.Dispose();
        }

        private SqlServerSuspectRows Read(SqlCommand command)
        {
            (command.Connection, command.Transaction) = (connection, moment);
            return new SqlServerSuspectRows(command);
        }
    }
}
