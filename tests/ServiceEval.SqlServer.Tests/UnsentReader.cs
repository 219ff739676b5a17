using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;

namespace ServiceEval.SqlServer.Tests;

/// <summary>
/// A reader of the ledger that records its queries. It answers as an empty database whose schema is up to date.
/// </summary>
internal sealed class UnsentReader(List<Captured> asked) : SqlServerLedgerReader("Server=nowhere;Database=serviceeval")
{
    protected override LedgerConnection Open(bool asOneMoment) => new Connection(asked);

    private static IEnumerable<string> Migrations()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);
        return db.Database.GetMigrations().ToList();
    }

    private sealed class Connection(List<Captured> asked) : LedgerConnection
    {
        public override SuspectRows Query(string sql) => Ask(Command(sql));

        public override SuspectRows Query(string sql, long after) => Ask(Command(sql, AfterSequence(after)));

        public override SuspectRows Query(string sql, byte[] after) => Ask(Command(sql, AfterKey(after)));

        protected override void Dispose(bool disposing) { }

        private Rows Ask(SqlCommand command)
        {
            using (command)
                asked.Add(Captured.Of(command, new Site("verification", asked.Count)));
            return new Rows(
                asked[^1].Sql.Contains("__EFMigrationsHistory", StringComparison.Ordinal) ? Migrations() : []
            );
        }
    }

    private sealed class Rows(IEnumerable<string> texts) : SuspectRows
    {
        private readonly Queue<string> _texts = new(texts);
        private string _text = "";

        public override byte[]? Key(int column) => null;

        public override DateTimeOffset Time(int column) => Odd<DateTimeOffset>();

        public override DateOnly Date(int column) => Odd<DateOnly>();

        public override string Text(int column) => _text;

        protected override bool MoveNext() => _texts.TryDequeue(out _text!);

        protected override bool IsNull(int column) => true;

        protected override long Whole(int column, long from, long to) => Odd<long>();

        protected override byte[]? Blob(int column, int length) => null;

        protected override string Literal(int column) => "NULL";

        protected override void Dispose(bool disposing) { }
    }
}
