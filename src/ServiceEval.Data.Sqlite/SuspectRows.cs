using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using ServiceEval.Data.Ledger;
using SQLitePCL;

namespace ServiceEval.Data.Sqlite;

/// <summary>
/// Reads rows that somebody may have tampered with. SQLite keeps any type in any column and the driver converts or throws;
/// so this asks SQLite itself, and a column that holds what no program of ours writes makes the row illegible.
/// </summary>
internal sealed class SuspectRows : IDisposable
{
    private const long LastMillisecond = 253_402_300_799_999;
    private const int LongestName = 80;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SuspectRows(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
    }

    /// <summary>Whether all columns asked for since the last <see cref="Read"/> held what belongs there.</summary>
    public bool Legible { get; private set; }

    /// <summary>The key as SQL would write it, if it was asked for and is no id.</summary>
    public string? OddKey { get; private set; }

    public void Bind(byte[] value) => raw.sqlite3_bind_blob(_statement, 1, value);

    public void Bind(long value) => raw.sqlite3_bind_int64(_statement, 1, value);

    public bool Read()
    {
        (Legible, OddKey) = (true, null);
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(code, _database);
        return false;
    }

    public Stored<T> Store<T>(T row) => new(row, Legible, OddKey);

    public Guid Id(int column)
    {
        if (raw.sqlite3_column_type(_statement, column) == raw.SQLITE_BLOB && raw.sqlite3_column_blob(_statement, column) is { Length: 16 } id)
            return new Guid(id, bigEndian: true);
        OddKey = Name(column);
        return Odd<Guid>();
    }

    /// <summary>The bytes of a key; null if it is anything else.</summary>
    public byte[]? Key(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_BLOB ? raw.sqlite3_column_blob(_statement, column).ToArray() : null;

    public byte Small(int column) => (byte)Integer(column, 0, byte.MaxValue);

    public int Number(int column) => (int)Integer(column, int.MinValue, int.MaxValue);

    public long Long(int column) => Integer(column, long.MinValue, long.MaxValue);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Integer(column, 0, LastMillisecond));

    public DateOnly Date(int column)
    {
        var number = Number(column);
        var (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
        return year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : Odd<DateOnly>();
    }

    /// <summary>Empty if it is not there or of another length.</summary>
    public byte[] Hash(int column) => Blob(column, 32) ?? Odd<byte[]>() ?? [];

    public byte[]? OptionalBlob(int column, int length) => IsNull(column) ? null : Blob(column, length) ?? Odd<byte[]>();

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    public string Text(int column)
    {
        if (raw.sqlite3_column_type(_statement, column) != raw.SQLITE_TEXT) return Odd<string>() ?? "";
        try
        {
            // As a blob, for the driver would replace what is no UTF-8.
            return StrictUtf8.GetString(raw.sqlite3_column_blob(_statement, column));
        }
        catch (DecoderFallbackException)
        {
            return Odd<string>() ?? "";
        }
    }

    /// <summary>A value for a person's eyes, whatever it is.</summary>
    public string Name(int column)
    {
        var name = raw.sqlite3_column_type(_statement, column) switch
        {
            raw.SQLITE_BLOB => $"x'{Convert.ToHexStringLower(raw.sqlite3_column_blob(_statement, column))}'",
            raw.SQLITE_TEXT => $"'{Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column))}'",
            raw.SQLITE_INTEGER => raw.sqlite3_column_int64(_statement, column).ToString(CultureInfo.InvariantCulture),
            raw.SQLITE_FLOAT => raw.sqlite3_column_double(_statement, column).ToString(CultureInfo.InvariantCulture),
            _ => "NULL",
        };
        return name.Length <= LongestName ? name : $"{name[..LongestName]}…";
    }

    public void Dispose() => _statement.Dispose();

    private bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    private long Integer(int column, long from, long to)
    {
        if (raw.sqlite3_column_type(_statement, column) != raw.SQLITE_INTEGER) return Odd<long>();
        var value = raw.sqlite3_column_int64(_statement, column);
        return value >= from && value <= to ? value : Odd<long>();
    }

    private byte[]? Blob(int column, int length) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_BLOB && raw.sqlite3_column_blob(_statement, column) is var blob && blob.Length == length
            ? blob.ToArray()
            : null;

    private T? Odd<T>()
    {
        Legible = false;
        return default;
    }
}
