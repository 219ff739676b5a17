namespace ServiceEval.Core.Storage.Columns;

/// <summary>
/// Receives the columns of a table in their order. Each method is one kind of value, so that no value is boxed. An
/// engine builds its statements with it.
/// </summary>
public interface IColumnVisitor<TRow>
{
    void Id(string name, Func<TRow, Guid> value);

    /// <summary>A number from 0 to 255, or an enum of that size.</summary>
    void Small(string name, Func<TRow, byte> value);

    void Number(string name, Func<TRow, int> value);

    void OptionalNumber(string name, Func<TRow, int?> value);

    void Large(string name, Func<TRow, long> value);

    void Time(string name, Func<TRow, DateTimeOffset> value);

    void Date(string name, Func<TRow, DateOnly> value);

    void Text(string name, Func<TRow, string?> value);

    void Bytes(string name, Func<TRow, byte[]?> value);
}
