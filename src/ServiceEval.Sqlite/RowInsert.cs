using Microsoft.Data.Sqlite;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.Sqlite;

/// <summary>Inserts a row. If the table is a tally, adds to the row that has the same key already.</summary>
internal sealed class RowInsert<TRow> : IColumnVisitor<TRow>, IDisposable
{
    private readonly List<Action<Statement, TRow>> _bindings = [];
    private readonly Statement _statement;

    public RowInsert(SqliteConnection connection, ColumnList<TRow> list)
    {
        list.Accept(this);
        _statement = new Statement(connection, Sql(list));
    }

    public void Run(TRow row)
    {
        foreach (var bind in _bindings)
            bind(_statement, row);
        _statement.Run();
    }

    public void Id(string name, Func<TRow, Guid> value) => _bindings.Add((s, row) => s.Bind(value(row)));

    public void Small(string name, Func<TRow, byte> value) => _bindings.Add((s, row) => s.Bind(value(row)));

    public void Number(string name, Func<TRow, int> value) => _bindings.Add((s, row) => s.Bind(value(row)));

    public void OptionalNumber(string name, Func<TRow, int?> value) => _bindings.Add((s, row) => s.Bind(value(row)));

    public void Large(string name, Func<TRow, long> value) => _bindings.Add((s, row) => s.Bind(value(row)));

    public void Time(string name, Func<TRow, DateTimeOffset> value) => _bindings.Add((s, row) => s.Bind(value(row)));

    public void Date(string name, Func<TRow, DateOnly> value) => _bindings.Add((s, row) => s.Bind(value(row)));

    public void Text(string name, Func<TRow, string?> value) => _bindings.Add((s, row) => s.Bind(value(row)));

    public void Bytes(string name, Func<TRow, byte[]?> value) => _bindings.Add((s, row) => s.Bind(value(row)));

    public void Dispose() => _statement.Dispose();

    private static string Sql(ColumnList<TRow> list)
    {
        var values = string.Join(", ", list.Columns.Select((_, i) => $"?{i + 1}"));
        var insert = $"INSERT INTO {list.Table} ({list.Names(Quoted)}) VALUES ({values})";
        var sums = string.Join(", ", list.Sums.Select(c => $"[{c.Name}] = [{c.Name}] + excluded.[{c.Name}]"));
        return sums.Length == 0 ? insert : $"{insert} ON CONFLICT DO UPDATE SET {sums}";
    }

    /// <summary>
    /// Returns the name in brackets. SQLite would read a name in quotation marks as a text if there is no such column.
    /// </summary>
    private static string Quoted(string name) => $"[{name}]";
}
