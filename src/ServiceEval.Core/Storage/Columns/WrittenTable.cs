using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Storage.Columns;

/// <summary>A table that the hot transaction writes, with rows of any type.</summary>
public abstract class WrittenTable
{
    public abstract TStatement Accept<TStatement>(ITableVisitor<TStatement> visitor);
}

/// <param name="rowsOf">Returns the rows that the batch decided for this table.</param>
public sealed class WrittenTable<TRow>(ColumnList<TRow> list, Func<Batch, IReadOnlyCollection<TRow>> rowsOf)
    : WrittenTable
{
    public ColumnList<TRow> List => list;

    public IReadOnlyCollection<TRow> RowsOf(Batch batch) => rowsOf(batch);

    public override TStatement Accept<TStatement>(ITableVisitor<TStatement> visitor) => visitor.Visit(this);
}

/// <summary>Makes the statement of an engine for a table.</summary>
public interface ITableVisitor<out TStatement>
{
    TStatement Visit<TRow>(WrittenTable<TRow> table);
}
