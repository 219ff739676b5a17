using System.Globalization;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ledger;

namespace ServiceEval.SqlServer;

/// <summary>
/// A column of SQL Server holds one type only. So a value can be invalid in few ways: a wrong length, a number out of
/// bounds, NULL, or another type if the type of the column was changed.
/// </summary>
internal sealed class SqlServerSuspectRows : SuspectRows
{
    private readonly SqlCommand _command;
    private readonly SqlDataReader _reader;

    /// <param name="command">The command. This object disposes it.</param>
    public SqlServerSuspectRows(SqlCommand command)
    {
        _command = command;
        _reader = command.ExecuteReader();
    }

    public override byte[]? Key(int column) => Value<byte[]>(column);

    public override DateTimeOffset Time(int column) =>
        Value<object>(column) is DateTimeOffset time
        && time >= DateTimeOffset.UnixEpoch
        && time.UtcTicks % TimeSpan.TicksPerMillisecond == 0
            ? time.ToUniversalTime()
            : Odd<DateTimeOffset>();

    public override DateOnly Date(int column) =>
        Value<object>(column) is DateTime { TimeOfDay.Ticks: 0 } day ? DateOnly.FromDateTime(day) : Odd<DateOnly>();

    public override string Text(int column) => Value<string>(column) ?? Odd<string>() ?? "";

    protected override bool MoveNext() => _reader.Read();

    protected override bool IsNull(int column) => _reader.IsDBNull(column);

    protected override long Whole(int column, long from, long to) =>
        Value<object>(column) switch
        {
            byte small => (long?)small,
            short number => number,
            int number => number,
            long number => number,
            _ => null,
        }
            is { } value
        && value >= from
        && value <= to
            ? value
            : Odd<long>();

    protected override byte[]? Blob(int column, int length) =>
        Value<byte[]>(column) is { } blob && blob.Length == length ? blob : null;

    protected override string Literal(int column) =>
        IsNull(column)
            ? "NULL"
            : Value<object>(column) switch
            {
                null => _reader.GetDataTypeName(column),
                byte[] blob => $"0x{Convert.ToHexStringLower(blob)}",
                DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                string text => $"'{text}'",
                var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
            };

    protected override void Dispose(bool disposing)
    {
        _reader.Dispose();
        _command.Dispose();
    }

    private T? Value<T>(int column)
        where T : class
    {
        if (IsNull(column))
            return null;
        try
        {
            return _reader.GetValue(column) as T;
        }
        catch (Exception e)
            when (e is InvalidCastException or OverflowException or InvalidOperationException or FileNotFoundException)
        {
            // .NET does not have this type, or only with an assembly that is not installed.
            return null;
        }
    }
}
