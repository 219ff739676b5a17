using System.Text;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.SqlServer;

/// <summary>Inserts the rows that a batch has for one table.</summary>
internal abstract class BatchInsert
{
    /// <summary>Returns the inserts for all tables that the hot transaction writes.</summary>
    public static IReadOnlyList<BatchInsert> OfAll()
    {
        var maker = new Maker();
        return [.. HotRows.Written().Select(table => table.Accept(maker))];
    }

    /// <summary>Adds the statement to the command if the batch has rows for the table.</summary>
    public abstract void AddTo(StringBuilder sql, SqlParameterCollection parameters, Batch batch);

    private sealed class Of<TRow>(WrittenTable<TRow> table) : BatchInsert
    {
        private readonly JsonInsert<TRow> _insert = new(table.List);

        public override void AddTo(StringBuilder sql, SqlParameterCollection parameters, Batch batch)
        {
            if (table.RowsOf(batch) is { Count: > 0 } rows)
                _insert.AddTo(sql, parameters, rows);
        }
    }

    private sealed class Maker : ITableVisitor<BatchInsert>
    {
        public BatchInsert Visit<TRow>(WrittenTable<TRow> table) => new Of<TRow>(table);
    }
}
