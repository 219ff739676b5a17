namespace ServiceEval.Web.Features.Places;

/// <summary>The rules between the rows of a set.</summary>
internal sealed class SeedRules(List<SeedMistake> mistakes)
{
    /// <param name="columns">The columns that must be unique together. A mistake names the last of them.</param>
    public void Once(IEnumerable<SeedRow> rows, string what, params IReadOnlyList<string> columns)
    {
        var lines = new Dictionary<string, SeedRow>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            // An empty cell is a mistake already, or it is allowed.
            if (columns.Any(column => row[column].Length == 0))
                continue;
            if (!lines.TryAdd(Key(row, columns), row))
                mistakes.Add(row.Mistake(columns[^1], $"与第 {lines[Key(row, columns)].Line} 行重复，{what}"));
        }
    }

    /// <param name="columns">The columns that together name a row of another file.</param>
    public void Known(
        SeedFile file,
        IReadOnlyList<string> columns,
        SeedFile others,
        IReadOnlyList<string> named,
        string what
    )
    {
        if (!others.IsRead)
            return;
        var known = others.Rows.Select(row => Key(row, named)).ToHashSet(StringComparer.Ordinal);
        foreach (var row in file.Rows)
            if (columns.All(column => row[column].Length > 0) && !known.Contains(Key(row, columns)))
                mistakes.Add(row.Mistake(columns[^1], what));
    }

    private static string Key(SeedRow row, IReadOnlyList<string> columns) =>
        string.Join('\n', columns.Select(column => row[column]));
}
