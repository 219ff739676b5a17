using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using ServiceEval.Core.Ledger;
using SQLitePCL;

namespace ServiceEval.Sqlite;

/// <summary>
/// SQLite stores any type in any column, and the driver converts the value or throws. So this class asks SQLite itself.
/// </summary>
internal sealed class SqliteSuspectRows : SuspectRows
{
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteSuspectRows(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
    }

    public void Bind(byte[] value) => raw.sqlite3_bind_blob(_statement, 1, value);

    public void Bind(long value) => raw.sqlite3_bind_int64(_statement, 1, value);

    public override byte[]? Key(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_BLOB
            ? raw.sqlite3_column_blob(_statement, column).ToArray()
            : null;

    public override DateTimeOffset Time(int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Whole(column, 0, SqliteTime.LastMillisecond));

    public override DateOnly Date(int column)
    {
        var number = Number(column);
        var (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
        return
            year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : Odd<DateOnly>();
    }

    public override string Text(int column)
    {
        if (raw.sqlite3_column_type(_statement, column) != raw.SQLITE_TEXT)
            return Odd<string>() ?? "";
        try
        {
            // The text is read as a blob, because the driver would replace bytes that are not UTF-8.
            return StrictUtf8.GetString(raw.sqlite3_column_blob(_statement, column));
        }
        catch (DecoderFallbackException)
        {
            return Odd<string>() ?? "";
        }
    }

    protected override bool MoveNext()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(code, _database);
        return false;
    }

    protected override bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    protected override long Whole(int column, long from, long to)
    {
        if (raw.sqlite3_column_type(_statement, column) != raw.SQLITE_INTEGER)
            return Odd<long>();
        var value = raw.sqlite3_column_int64(_statement, column);
        return value >= from && value <= to ? value : Odd<long>();
    }

    protected override byte[]? Blob(int column, int length) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_BLOB
        && raw.sqlite3_column_blob(_statement, column) is var blob
        && blob.Length == length
            ? blob.ToArray()
            : null;

    protected override string Literal(int column) =>
        raw.sqlite3_column_type(_statement, column) switch
        {
            raw.SQLITE_BLOB => $"x'{Convert.ToHexStringLower(Beginning(column))}'",
            raw.SQLITE_TEXT => $"'{Encoding.UTF8.GetString(Beginning(column))}'",
            raw.SQLITE_INTEGER => raw.sqlite3_column_int64(_statement, column).ToString(CultureInfo.InvariantCulture),
            raw.SQLITE_FLOAT => raw.sqlite3_column_double(_statement, column).ToString(CultureInfo.InvariantCulture),
            _ => "NULL",
        };

    protected override void Dispose(bool disposing) => _statement.Dispose();

    /// <summary>
    /// Returns the beginning of the value, with more bytes than <see cref="SuspectRows.Name"/> shows.
    /// </summary>
    private ReadOnlySpan<byte> Beginning(int column)
    {
        var value = raw.sqlite3_column_blob(_statement, column);
        return value[..Math.Min(value.Length, 4 * LongestName)];
    }
}
