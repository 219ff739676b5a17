using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// Reads rows that may have been tampered with. A value that our program never writes makes the row illegible. No value
/// makes the reader throw. Columns are numbered in the order of the query, from 0.
/// </summary>
public abstract class SuspectRows : IStoredRow, IDisposable
{
    protected const int LongestName = 80;

    /// <summary>True if every column that was read since the last <see cref="Read"/> held a valid value.</summary>
    public bool Legible { get; private set; }

    /// <summary>The key as an SQL literal, if the key was read and is not an id.</summary>
    public string? OddKey { get; private set; }

    /// <summary>Moves to the next row. Returns false at the end.</summary>
    public bool Read()
    {
        (Legible, OddKey) = (true, null);
        return MoveNext();
    }

    public Stored<T> Store<T>(T row) => new(row, Legible, OddKey);

    public Guid Id(int column)
    {
        if (Key(column) is { Length: 16 } id)
            return new Guid(id, bigEndian: true);
        OddKey = Name(column);
        return Odd<Guid>();
    }

    /// <summary>Returns the bytes of a key; null if the value has another type.</summary>
    public abstract byte[]? Key(int column);

    public byte Small(int column) => (byte)Whole(column, 0, byte.MaxValue);

    public int Number(int column) => (int)Whole(column, int.MinValue, int.MaxValue);

    public long Large(int column) => Whole(column, long.MinValue, long.MaxValue);

    public abstract DateTimeOffset Time(int column);

    public abstract DateOnly Date(int column);

    /// <summary>Returns the bytes; an empty array if the value is missing or has another length.</summary>
    public byte[] Bytes(int column, int length) => Blob(column, length) ?? Odd<byte[]>() ?? [];

    public int? OptionalNumber(int column) => IsNull(column) ? null : Number(column);

    public byte[]? OptionalBytes(int column, int length) =>
        IsNull(column) ? null : Blob(column, length) ?? Odd<byte[]>();

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Returns the text; an empty text if the value is not a text.</summary>
    public abstract string Text(int column);

    /// <summary>Returns a value of any type in a form that people can read.</summary>
    public string Name(int column) =>
        Literal(column) is var name && name.Length <= LongestName ? name : $"{name[..LongestName]}…";

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract bool MoveNext();

    protected abstract bool IsNull(int column);

    /// <summary>Returns the integer. The row is illegible if the value is not an integer within the bounds.</summary>
    protected abstract long Whole(int column, long from, long to);

    /// <summary>Returns the bytes; null if the value is not bytes of this length.</summary>
    protected abstract byte[]? Blob(int column, int length);

    /// <summary>Returns the value as an SQL literal.</summary>
    protected abstract string Literal(int column);

    protected abstract void Dispose(bool disposing);

    protected T? Odd<T>()
    {
        Legible = false;
        return default;
    }
}
