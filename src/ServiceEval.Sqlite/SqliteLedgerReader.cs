using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Storage;

namespace ServiceEval.Sqlite;

/// <summary>Reads the ledger for verification on connections that cannot write.</summary>
public sealed class SqliteLedgerReader(string connectionString) : LedgerReader(Options(connectionString))
{
    private readonly ReadOnlyFile _file = new(connectionString);

    protected override LedgerConnection Open(bool asOneMoment) => new Connection(_file.Open(), asOneMoment);

    protected override LedgerUnreadableException Unreadable(DbException fault) =>
        new(LedgerUnreadable.Damaged, fault.Message, fault);

    private static DbContextOptions<ServiceEvalDb> Options(string connectionString) =>
        (DbContextOptions<ServiceEvalDb>)
            new DbContextOptionsBuilder<ServiceEvalDb>().UseServiceEvalSqlite(connectionString).Options;

    private sealed class Connection(SqliteConnection connection, bool asOneMoment) : LedgerConnection
    {
        private readonly SqliteTransaction? _moment = asOneMoment ? connection.BeginTransaction(deferred: true) : null;

        public override SuspectRows Query(string sql) => new SqliteSuspectRows(connection, sql);

        public override SuspectRows Query(string sql, long after)
        {
            var rows = new SqliteSuspectRows(connection, sql);
            rows.Bind(after);
            return rows;
        }

        public override SuspectRows Query(string sql, byte[] after)
        {
            var rows = new SqliteSuspectRows(connection, sql);
            rows.Bind(after);
            return rows;
        }

        protected override void Dispose(bool disposing)
        {
            _moment?.Dispose();
            connection.Dispose();
        }
    }
}
