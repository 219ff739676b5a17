using System.Data;
using System.Data.Common;
using Npgsql;
using ServiceEval.Core.Ledger;

namespace ServiceEval.PostgreSql;

/// <summary>Reads the ledger for verification on connections that cannot write.</summary>
public sealed class PostgreSqlLedgerReader(string connectionString)
    : LedgerReader(PostgreSqlOptions.Of(connectionString))
{
    private readonly string _connectionString = ConnectionStrings.ReadOnly(connectionString);

    // The server sends all rows of a query, even if the client stops reading.
    protected override string PageEnd { get; } = FormattableString.Invariant($"FETCH FIRST {PageSize} ROWS WITH TIES");

    protected override LedgerConnection Open(bool asOneMoment)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            connection.Open();
            using (var readOnly = new NpgsqlCommand("SET default_transaction_read_only = on", connection))
                readOnly.ExecuteNonQuery();
            return new Connection(
                connection,
                asOneMoment ? connection.BeginTransaction(IsolationLevel.RepeatableRead) : null
            );
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
                PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } e
                    when e.MessageText.Contains("__EFMigrationsHistory", StringComparison.Ordinal) =>
                    LedgerUnreadable.OlderThanProgram,
                PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => LedgerUnreadable.NotThere,
                PostgresException { InvariantSeverity: "ERROR" } => LedgerUnreadable.Damaged,
                _ => LedgerUnreadable.NotThere,
            },
            fault is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } missing
                ? missing.MessageText
                : fault.Message,
            fault
        );

    private sealed class Connection(NpgsqlConnection connection, NpgsqlTransaction? moment) : LedgerConnection
    {
        public override SuspectRows Query(string sql) => new PostgreSqlSuspectRows(connection, sql, null);

        public override SuspectRows Query(string sql, long after) =>
            new PostgreSqlSuspectRows(connection, sql, new NpgsqlParameter<long> { TypedValue = after });

        public override SuspectRows Query(string sql, byte[] after) =>
            new PostgreSqlSuspectRows(
                connection,
                sql,
                new NpgsqlParameter<Guid> { TypedValue = new Guid(after, bigEndian: true) }
            );

        protected override void Dispose(bool disposing)
        {
            moment?.Dispose();
            connection.Dispose();
        }
    }
}
