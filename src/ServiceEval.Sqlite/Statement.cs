using Microsoft.Data.Sqlite;
using ServiceEval.Core.Storage.Columns;
using SQLitePCL;

namespace ServiceEval.Sqlite;

/// <summary>
/// A statement that is prepared once and run many times. Its parameters are bound in order. It uses SQLite's own
/// interface, because the driver's commands look up every parameter by name and box every value. That costs more than
/// the rows themselves. The statement gives the values of its present row.
/// </summary>
internal sealed class Statement : IStoredRow, IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(long value) => Bound(raw.sqlite3_bind_int64(_statement, ++_bound, value));

    public Statement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public Statement Bind(ReadOnlySpan<byte> value) => Bound(raw.sqlite3_bind_blob(_statement, ++_bound, value));

    public Statement Bind(byte[]? value) => value is null ? BindNull() : Bind(value.AsSpan());

    public Statement Bind(string? value) =>
        value is null ? BindNull() : Bound(raw.sqlite3_bind_text(_statement, ++_bound, value));

    public Statement Bind(DateTimeOffset time) => Bind(time.ToUnixTimeMilliseconds());

    public Statement Bind(DateOnly date) => Bind(SqliteDate.ToNumber(date));

    public Statement Bind(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(bytes);
    }

    /// <summary>Runs the statement to its end.</summary>
    public void Run()
    {
        using var row = Query();
        while (row.Read()) { }
    }

    /// <summary>
    /// Returns the rows one after the other. The statement can be used again after the rows are disposed.
    /// </summary>
    public Rows Query()
    {
        _bound = 0;
        return new Rows(this);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public Guid Id(int column) => new(raw.sqlite3_column_blob(_statement, column), bigEndian: true);

    /// <inheritdoc cref="Number"/>
    public byte Small(int column) => checked((byte)Large(column));

    /// <exception cref="OverflowException">The column holds a value that our program never writes.</exception>
    public int Number(int column) => checked((int)Large(column));

    public int? OptionalNumber(int column) => IsNull(column) ? null : Number(column);

    public long Large(int column) => raw.sqlite3_column_int64(_statement, column);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Large(column));

    public DateOnly Date(int column) => SqliteDate.FromNumber(Number(column));

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public byte[] Bytes(int column, int length) => Bytes(column);

    public byte[]? OptionalBytes(int column, int length) => IsNull(column) ? null : Bytes(column);

    public void Dispose() => _statement.Dispose();

    private Statement BindNull() => Bound(raw.sqlite3_bind_null(_statement, ++_bound));

    private Statement Bound(int result)
    {
        Check(result);
        return this;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection);

    internal readonly ref struct Rows(Statement statement)
    {
        /// <exception cref="SqliteException">The database is locked, full or damaged.</exception>
        public bool Read()
        {
            var result = raw.sqlite3_step(statement._statement);
            if (result == raw.SQLITE_ROW)
                return true;
            if (result != raw.SQLITE_DONE)
                statement.Check(result);
            return false;
        }

        public void Dispose() => raw.sqlite3_reset(statement._statement);
    }
}
