using Microsoft.Data.Sqlite;

namespace ServiceEval.Data.Sqlite;

/// <summary>
/// Reads columns that somebody may have tampered with: what no column of ours can hold becomes a value that no leaf
/// agrees with, where the driver would wrap around or throw.
/// </summary>
internal static class SuspectRow
{
    private const long LastMillisecond = 253_402_300_799_999;

    extension(SqliteDataReader row)
    {
        public Guid Id(int column) => row.GetValue(column) is byte[] { Length: 16 } id
            ? new Guid(id, bigEndian: true)
            : throw new InvalidDataException($"The column {row.GetName(column)} holds a key that is no id.");

        public byte Small(int column) => row.GetInt64(column) is >= 0 and <= byte.MaxValue and var value ? (byte)value : byte.MaxValue;

        public int Number(int column) => row.GetInt64(column) is >= 0 and <= int.MaxValue and var value ? (int)value : -1;

        public DateTimeOffset Time(int column) =>
            row.GetInt64(column) is >= 0 and <= LastMillisecond and var value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : default;

        public DateOnly Date(int column)
        {
            var number = row.Number(column);
            var (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            return year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
                ? new DateOnly(year, month, day)
                : default;
        }

        public byte[] Blob(int column, int length) => row.GetValue(column) is byte[] value && value.Length == length ? value : new byte[length];
    }
}
