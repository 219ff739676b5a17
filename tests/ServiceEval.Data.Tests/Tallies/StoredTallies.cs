namespace ServiceEval.Data.Tests.Tallies;

/// <summary>The tallies as the file has them, in the same shape as a <see cref="Recount"/>; what has gone back to nothing is left out.</summary>
internal static class StoredTallies
{
    private const string Counts =
        "VerySatisfied || ' ' || Satisfied || ' ' || BasicallySatisfied || ' ' || Dissatisfied || ' ' || VeryDissatisfied";

    public static SortedDictionary<string, string> Hours(SqliteFile file) =>
        Read(file, "TalliesByHour", Counts, "LocalDate", "LocalHour", "WindowId", "DepartmentId", "Tier", "Channel", "Standing");

    public static SortedDictionary<string, string> Items(SqliteFile file) =>
        Read(file, "TalliesByItem", Counts, "LocalDate", "WindowId", "ItemId", "DepartmentId", "Tier", "Standing");

    public static SortedDictionary<string, string> Windows(SqliteFile file) => Read(file, "TalliesByWindow", Counts, "WindowId", "Tier", "Standing");

    public static SortedDictionary<string, string> Tags(SqliteFile file) => Read(file, "TalliesByTag", "Count || ''", "LocalDate", "WindowId", "TagCode", "Standing");

    public static SortedDictionary<string, string> Texts(IEnumerable<(string Key, string Value)> rows)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in rows)
        {
            if (value is not ("0 0 0 0 0" or "0")) texts.Add(key, value);
        }
        return texts;
    }

    private static SortedDictionary<string, string> Read(SqliteFile file, string table, string counts, params string[] key) =>
        Texts(file.Read($"SELECT {string.Join(" || ' ' || ", key)}, {counts} FROM {table}", r => (r.GetString(0), r.GetString(1))));
}
