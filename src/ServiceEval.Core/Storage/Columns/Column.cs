using System.Linq.Expressions;
using System.Reflection;

namespace ServiceEval.Core.Storage.Columns;

/// <summary>A column of a table whose rows are written or read without EF Core.</summary>
public abstract class Column<TRow>(string name)
{
    public string Name => name;

    /// <summary>
    /// True if a commit adds the value to the stored value. Every other column of a tally is in its key.
    /// </summary>
    public bool IsSum { get; init; }

    /// <summary>
    /// The longest value that our program writes, in bytes. Verification does not read a longer value. Null if
    /// verification reads a value of any length.
    /// </summary>
    public int? Longest { get; init; }

    /// <summary>True for a text that can be NULL.</summary>
    public bool IsOptionalText { get; init; }

    public abstract void Accept(IColumnVisitor<TRow> visitor);

    /// <summary>Reads the value into the row.</summary>
    /// <param name="at">The place of the column in the query, from 0.</param>
    public abstract void Read(IStoredRow stored, int at, TRow into);
}

/// <param name="show">Shows the column to a visitor, by the method for its kind of value.</param>
/// <param name="read">Reads the value of this kind.</param>
/// <param name="name">The name of the column; null if the property has the same name.</param>
internal sealed class Column<TRow, TValue>(
    LambdaExpression property,
    Action<IColumnVisitor<TRow>, string, Func<TRow, TValue>> show,
    Func<IStoredRow, int, TValue> read,
    string? name = null
) : Column<TRow>(name ?? ((MemberExpression)property.Body).Member.Name)
{
    private readonly Func<TRow, TValue> _value = Getter(property);
    private readonly Action<TRow, TValue>? _set = Setter(property);

    public override void Accept(IColumnVisitor<TRow> visitor) => show(visitor, Name, _value);

    public override void Read(IStoredRow stored, int at, TRow into) => _set!(into, read(stored, at));

    private static Func<TRow, TValue> Getter(LambdaExpression property) =>
        PropertyOf(property)?.GetMethod!.CreateDelegate<Func<TRow, TValue>>()
        ?? Expression
            .Lambda<Func<TRow, TValue>>(Expression.Convert(property.Body, typeof(TValue)), property.Parameters)
            .Compile();

    // The setter of an entity is private or only for initialisers, because no other code may change a row.
    private static Action<TRow, TValue>? Setter(LambdaExpression property) =>
        PropertyOf(property)?.GetSetMethod(nonPublic: true)?.CreateDelegate<Action<TRow, TValue>>();

    /// <summary>
    /// Returns the property of the entity. For its delegates, an enum and its number are the same type. Returns null if
    /// the row is no entity but a pair of a key and its counts.
    /// </summary>
    private static PropertyInfo? PropertyOf(LambdaExpression property) =>
        typeof(TRow).IsValueType ? null : typeof(TRow).GetProperty(((MemberExpression)property.Body).Member.Name);
}
