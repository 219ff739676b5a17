using ServiceEval.Core.Places;

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

    /// <summary>
    /// Requires one root, and of each other region a lower level than its parent's. So the regions form a tree.
    /// </summary>
    public void Tree(IReadOnlyList<SeedRow> regions)
    {
        var byCode = regions.ToLookup(row => row["code"], StringComparer.Ordinal);
        List<SeedRow> roots = [.. regions.Where(row => row["parent"].Length == 0)];
        if (regions.Count > 0 && roots.Count == 0)
            mistakes.Add(regions[0].Mistake("parent", "没有最上级的区划：应有一行不写上级"));
        foreach (var other in roots.Skip(1))
            mistakes.Add(other.Mistake("parent", $"只有最上级的区划可以不写上级，第 {roots[0].Line} 行已经是最上级"));
        foreach (var row in regions)
        {
            if (byCode[row["parent"]].FirstOrDefault() is { } parent && LevelOf(row) <= LevelOf(parent))
                mistakes.Add(row.Mistake("level", $"应低于上级区划“{parent["name"]}”的级别 {parent["level"]}"));
        }

        static RegionLevel LevelOf(SeedRow row) =>
            Enum.TryParse<RegionLevel>(row["level"], ignoreCase: true, out var level) ? level : default;
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
