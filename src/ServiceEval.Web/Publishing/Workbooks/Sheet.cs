namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>A table of a workbook. Its rows are produced one at a time.</summary>
/// <param name="Name">At most 31 characters, without <c>[]:*?/\</c>.</param>
/// <param name="Count">The number of rows. It is given so that the rows need not be written to count them.</param>
public sealed record Sheet(string Name, IReadOnlyList<SheetColumn> Columns, int Count, IEnumerable<object?[]> Rows)
{
    /// <summary>An empty cell, for a figure that does not apply. Null is a figure that is not known.</summary>
    public static readonly object Nothing = DBNull.Value;

    public static Sheet Of<T>(
        string name,
        IReadOnlyList<SheetColumn> columns,
        IReadOnlyCollection<T> things,
        Func<T, object?[]> row
    ) => new(name, columns, things.Count, things.Select(row));
}

public enum SheetFormat
{
    Text,
    Count,
    Rate,
    Number,
    Points,
    Part,
    Probability,
    Date,
}
