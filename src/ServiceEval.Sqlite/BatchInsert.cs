using Microsoft.Data.Sqlite;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.Sqlite;

/// <summary>Inserts the rows that a batch has for one table.</summary>
internal abstract class BatchInsert : IDisposable
{
    /// <summary>Prepares the statements for all tables that the hot transaction writes.</summary>
    public static IReadOnlyList<BatchInsert> OfAll(SqliteConnection connection)
    {
        var maker = new Maker(connection);
        return [.. HotRows.Written().Select(table => table.Accept(maker))];
    }

    public abstract void Run(Batch batch);

    public abstract void Dispose();

    private sealed class Of<TRow>(SqliteConnection connection, WrittenTable<TRow> table) : BatchInsert
    {
        private readonly RowInsert<TRow> _insert = new(connection, table.List);

        public override void Run(Batch batch)
        {
            foreach (var row in table.RowsOf(batch))
                _insert.Run(row);
        }

        public override void Dispose() => _insert.Dispose();
    }

    private sealed class Maker(SqliteConnection connection) : ITableVisitor<BatchInsert>
    {
        public BatchInsert Visit<TRow>(WrittenTable<TRow> table) => new Of<TRow>(connection, table);
    }
}
