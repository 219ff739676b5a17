using System.Linq.Expressions;

namespace ServiceEval.Core.Storage.Columns;

/// <summary>
/// The columns of a table, in the order in which every statement names them. The statements of all databases are built
/// from this list, and rows are read by it.
/// </summary>
/// <param name="make">Makes an empty row to read into; null if rows are not read by this list.</param>
/// <param name="boundsBytes">Whether verification asks for the length of bytes before it reads them. That takes time,
/// so the tables with millions of rows are read without it.</param>
public sealed class ColumnList<TRow>(string table, Func<TRow>? make = null, bool boundsBytes = false)
{
    private readonly List<Column<TRow>> _columns = [];

    public string Table => table;

    public IReadOnlyList<Column<TRow>> Columns => _columns;

    /// <summary>The first columns, which are the key of a tally.</summary>
    public IEnumerable<Column<TRow>> Key => _columns.Where(c => !c.IsSum);

    /// <summary>The columns that a commit adds to.</summary>
    public IEnumerable<Column<TRow>> Sums => _columns.Where(c => c.IsSum);

    public ColumnList<TRow> Id(Expression<Func<TRow, Guid>> value) =>
        Add(new Column<TRow, Guid>(value, static (v, name, get) => v.Id(name, get), static (row, at) => row.Id(at)));

    /// <summary>Adds a number from 0 to 255, or an enum of that size.</summary>
    public ColumnList<TRow> Small<TSmall>(Expression<Func<TRow, TSmall>> value)
        where TSmall : struct =>
        Add(
            new Column<TRow, byte>(
                value,
                static (v, name, get) => v.Small(name, get),
                static (row, at) => row.Small(at)
            )
        );

    public ColumnList<TRow> Number(Expression<Func<TRow, int>> value) => Number(value, isSum: false);

    /// <summary>Adds a count. A commit adds the count to the stored one.</summary>
    /// <param name="name">The name of the column; null if the property has the same name.</param>
    public ColumnList<TRow> Sum(Expression<Func<TRow, int>> value, string? name = null) =>
        Number(value, isSum: true, name);

    public ColumnList<TRow> OptionalNumber(Expression<Func<TRow, int?>> value) =>
        Add(
            new Column<TRow, int?>(
                value,
                static (v, name, get) => v.OptionalNumber(name, get),
                static (row, at) => row.OptionalNumber(at)
            )
        );

    public ColumnList<TRow> Large(Expression<Func<TRow, long>> value) =>
        Add(
            new Column<TRow, long>(
                value,
                static (v, name, get) => v.Large(name, get),
                static (row, at) => row.Large(at)
            )
        );

    public ColumnList<TRow> Time(Expression<Func<TRow, DateTimeOffset>> value) =>
        Add(
            new Column<TRow, DateTimeOffset>(
                value,
                static (v, name, get) => v.Time(name, get),
                static (row, at) => row.Time(at)
            )
        );

    public ColumnList<TRow> Date(Expression<Func<TRow, DateOnly>> value) =>
        Add(
            new Column<TRow, DateOnly>(
                value,
                static (v, name, get) => v.Date(name, get),
                static (row, at) => row.Date(at)
            )
        );

    /// <param name="longest">The longest text that our program writes, in bytes.</param>
    public ColumnList<TRow> Text(Expression<Func<TRow, string>> value, int longest) =>
        Add(
            new Column<TRow, string>(
                value,
                static (v, name, get) => v.Text(name, get),
                static (row, at) => row.Text(at)
            )
            {
                Longest = longest,
            }
        );

    /// <inheritdoc cref="Text"/>
    public ColumnList<TRow> OptionalText(Expression<Func<TRow, string?>> value, int longest) =>
        Add(
            new Column<TRow, string?>(
                value,
                static (v, name, get) => v.Text(name, get),
                static (row, at) => row.OptionalText(at)
            )
            {
                Longest = longest,
                IsOptionalText = true,
            }
        );

    /// <param name="length">The only length that our program writes.</param>
    public ColumnList<TRow> Bytes(Expression<Func<TRow, byte[]>> value, int length) =>
        Add(
            new Column<TRow, byte[]>(
                value,
                static (v, name, get) => v.Bytes(name, get),
                (row, at) => row.Bytes(at, length)
            )
            {
                Longest = boundsBytes ? length : null,
            }
        );

    /// <inheritdoc cref="Bytes"/>
    public ColumnList<TRow> OptionalBytes(Expression<Func<TRow, byte[]?>> value, int length) =>
        Add(
            new Column<TRow, byte[]?>(
                value,
                static (v, name, get) => v.Bytes(name, get),
                (row, at) => row.OptionalBytes(at, length)
            )
            {
                Longest = boundsBytes ? length : null,
            }
        );

    /// <summary>Returns the names of all columns, separated by commas.</summary>
    public string Names(Func<string, string> quote) => string.Join(", ", _columns.Select(c => quote(c.Name)));

    /// <summary>Shows every column to the visitor.</summary>
    public void Accept(IColumnVisitor<TRow> visitor)
    {
        foreach (var column in _columns)
            column.Accept(visitor);
    }

    /// <summary>Reads the present row of a query.</summary>
    /// <param name="first">The place of the first column in the query.</param>
    public TRow Read(IStoredRow stored, int first = 0)
    {
        var row = make!();
        for (var i = 0; i < _columns.Count; i++)
            _columns[i].Read(stored, first + i, row);
        return row;
    }

    private ColumnList<TRow> Number(Expression<Func<TRow, int>> value, bool isSum, string? name = null) =>
        Add(
            new Column<TRow, int>(
                value,
                static (v, name, get) => v.Number(name, get),
                static (row, at) => row.Number(at),
                name
            )
            {
                IsSum = isSum,
            }
        );

    private ColumnList<TRow> Add(Column<TRow> column)
    {
        _columns.Add(column);
        return this;
    }
}
