namespace ServiceEval.Core.Storage.Columns;

/// <summary>
/// The values of the present row of a query, by their place in the query from 0. Every database has its own way to read
/// them.
/// </summary>
public interface IStoredRow
{
    Guid Id(int column);

    byte Small(int column);

    int Number(int column);

    int? OptionalNumber(int column);

    long Large(int column);

    DateTimeOffset Time(int column);

    DateOnly Date(int column);

    string Text(int column);

    string? OptionalText(int column);

    /// <param name="length">The only length that our program writes.</param>
    byte[] Bytes(int column, int length);

    /// <inheritdoc cref="Bytes"/>
    byte[]? OptionalBytes(int column, int length);
}

/// <summary>Reads the values of a row one after the other, in the order of the columns.</summary>
public ref struct StoredValues(IStoredRow row)
{
    private int _at;

    public byte Small() => row.Small(_at++);

    public int Number() => row.Number(_at++);

    public DateOnly Date() => row.Date(_at++);

    public string Text() => row.Text(_at++);
}
