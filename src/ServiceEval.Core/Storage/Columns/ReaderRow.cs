using System.Data.Common;

namespace ServiceEval.Core.Storage.Columns;

/// <summary>Reads the rows that our own program wrote, through the driver of a database server.</summary>
/// <param name="idsAreBytes">Whether the database has no type for ids that keeps their order of bytes.</param>
public sealed class ReaderRow(DbDataReader reader, bool idsAreBytes) : IStoredRow
{
    public Guid Id(int column) =>
        idsAreBytes ? new(reader.GetFieldValue<byte[]>(column), bigEndian: true) : reader.GetGuid(column);

    public byte Small(int column) => reader.GetByte(column);

    public int Number(int column) => reader.GetInt32(column);

    public int? OptionalNumber(int column) => IsNull(column) ? null : Number(column);

    public long Large(int column) => reader.GetInt64(column);

    public DateTimeOffset Time(int column) => reader.GetFieldValue<DateTimeOffset>(column);

    public DateOnly Date(int column) => reader.GetFieldValue<DateOnly>(column);

    public string Text(int column) => reader.GetString(column);

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column, int length) => reader.GetFieldValue<byte[]>(column);

    public byte[]? OptionalBytes(int column, int length) => IsNull(column) ? null : Bytes(column, length);

    public bool IsNull(int column) => reader.IsDBNull(column);
}
