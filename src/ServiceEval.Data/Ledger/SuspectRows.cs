namespace ServiceEval.Data.Ledger;

/// <summary>
/// Reads rows that somebody may have tampered with: a column that holds what no program of ours writes makes the row
/// illegible, and no value makes it throw. Columns are asked for in their order, from 0.
/// </summary>
public abstract class SuspectRows : IDisposable
{
    protected const int LongestName = 80;

    /// <summary>Whether all columns asked for since the last <see cref="Read"/> held what belongs there.</summary>
    public bool Legible { get; private set; }

    /// <summary>The key as SQL would write it, if it was asked for and is no id.</summary>
    public string? OddKey { get; private set; }

    /// <summary>Goes on to the next row; false at the end.</summary>
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

    /// <summary>The bytes of a key; null if it is anything else.</summary>
    public abstract byte[]? Key(int column);

    public byte Small(int column) => (byte)Whole(column, 0, byte.MaxValue);

    public int Number(int column) => (int)Whole(column, int.MinValue, int.MaxValue);

    public long Large(int column) => Whole(column, long.MinValue, long.MaxValue);

    public abstract DateTimeOffset Time(int column);

    public abstract DateOnly Date(int column);

    public byte[] Hash(int column) => Bytes(column, 32);

    /// <summary>Empty if it is not there or of another length.</summary>
    public byte[] Bytes(int column, int length) => Blob(column, length) ?? Odd<byte[]>() ?? [];

    public int? OptionalNumber(int column) => IsNull(column) ? null : Number(column);

    public byte[]? OptionalBlob(int column, int length) =>
        IsNull(column) ? null : Blob(column, length) ?? Odd<byte[]>();

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Empty if it is no text.</summary>
    public abstract string Text(int column);

    /// <summary>A value for a person's eyes, whatever it is.</summary>
    public string Name(int column) =>
        Literal(column) is var name && name.Length <= LongestName ? name : $"{name[..LongestName]}…";

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract bool MoveNext();

    protected abstract bool IsNull(int column);

    /// <summary>Odd unless it is an integer within these bounds.</summary>
    protected abstract long Whole(int column, long from, long to);

    /// <summary>Null unless it is bytes of that length.</summary>
    protected abstract byte[]? Blob(int column, int length);

    /// <summary>As SQL would write it.</summary>
    protected abstract string Literal(int column);

    protected abstract void Dispose(bool disposing);

    protected T? Odd<T>()
    {
        Legible = false;
        return default;
    }
}
