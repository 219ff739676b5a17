using System.Globalization;
using Npgsql;
using ServiceEval.Core.Ledger;

namespace ServiceEval.PostgreSql;

/// <summary>
/// A column of PostgreSQL holds one type only. So a value can be invalid in few ways: a wrong length, a number out of
/// bounds, or NULL. Times and dates are read as the numbers that PostgreSQL stores, because PostgreSQL has years and an
/// infinity that .NET does not have.
/// </summary>
internal sealed class PostgreSqlSuspectRows : SuspectRows
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly int EpochDay = DateOnly.FromDateTime(Epoch.DateTime).DayNumber;

    private static readonly long FirstMicrosecond =
        (DateTimeOffset.UnixEpoch - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;
    private static readonly long LastMicrosecond =
        (DateTimeOffset.MaxValue - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly NpgsqlCommand _command;
    private readonly NpgsqlDataReader _reader;

    public PostgreSqlSuspectRows(NpgsqlConnection connection, string sql, NpgsqlParameter? after)
    {
        _command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (after is not null)
            _command.Parameters.Add(after);
        _reader = _command.ExecuteReader();
    }

    public override byte[]? Key(int column) => Value<Guid>(column)?.ToByteArray(bigEndian: true);

    public override DateTimeOffset Time(int column) =>
        Value<long>(column) is { } microseconds
        && microseconds >= FirstMicrosecond
        && microseconds <= LastMicrosecond
        && microseconds % 1_000 == 0
            ? Epoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : Odd<DateTimeOffset>();

    public override DateOnly Date(int column) =>
        Value<int>(column) is { } days && days >= -EpochDay && days <= DateOnly.MaxValue.DayNumber - EpochDay
            ? DateOnly.FromDayNumber(EpochDay + days)
            : Odd<DateOnly>();

    public override string Text(int column) => Reference<string>(column) ?? Odd<string>() ?? "";

    protected override bool MoveNext() => _reader.Read();

    protected override bool IsNull(int column) => _reader.IsDBNull(column);

    protected override long Whole(int column, long from, long to) =>
        Value<long>(column) is { } value && value >= from && value <= to ? value : Odd<long>();

    protected override byte[]? Blob(int column, int length) =>
        Reference<byte[]>(column) is { } blob && blob.Length == length ? blob : null;

    protected override string Literal(int column)
    {
        if (IsNull(column))
            return "NULL";
        try
        {
            return _reader.GetValue(column) switch
            {
                byte[] blob => $"'\\x{Convert.ToHexStringLower(blob)}'",
                DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                string text => $"'{text}'",
                var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
            };
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException)
        {
            return _reader.GetDataTypeName(column);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _reader.Dispose();
        _command.Dispose();
    }

    private T? Value<T>(int column)
        where T : struct
    {
        if (IsNull(column))
            return null;
        try
        {
            return _reader.GetFieldValue<T>(column);
        }
        catch (InvalidCastException)
        {
            // The type of the column was changed.
            return null;
        }
    }

    private T? Reference<T>(int column)
        where T : class
    {
        if (IsNull(column))
            return null;
        try
        {
            return _reader.GetFieldValue<T>(column);
        }
        catch (InvalidCastException)
        {
            return null;
        }
    }
}
