using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests.Tallies;

/// <summary>
/// Reads the tallies of the database in the same shape as a <see cref="Recount"/>. Tallies that are zero again are left
/// out.
/// </summary>
internal static class StoredTallies
{
    private static readonly string[] Counts =
    [
        "VerySatisfied",
        "Satisfied",
        "BasicallySatisfied",
        "Dissatisfied",
        "VeryDissatisfied",
    ];

    public static Task<SortedDictionary<string, string>> HoursAsync(TestDatabase database) =>
        ReadAsync(
            database,
            "TalliesByHour",
            Counts,
            "LocalDate",
            "LocalHour",
            "WindowId",
            "DepartmentId",
            "Tier",
            "Channel",
            "Standing"
        );

    public static Task<SortedDictionary<string, string>> ItemsAsync(TestDatabase database) =>
        ReadAsync(
            database,
            "TalliesByItem",
            Counts,
            "LocalDate",
            "WindowId",
            "ItemId",
            "DepartmentId",
            "Tier",
            "Standing"
        );

    public static Task<SortedDictionary<string, string>> WindowsAsync(TestDatabase database) =>
        ReadAsync(database, "TalliesByWindow", Counts, "WindowId", "Tier", "Standing");

    public static Task<SortedDictionary<string, string>> TagsAsync(TestDatabase database) =>
        ReadAsync(database, "TalliesByTag", ["Count"], "LocalDate", "WindowId", "TagCode", "Standing");

    public static SortedDictionary<string, string> Texts(IEnumerable<(string Key, string Value)> rows)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in rows)
        {
            if (value is not ("0 0 0 0 0" or "0"))
                texts.Add(key, value);
        }
        return texts;
    }

    private static async Task<SortedDictionary<string, string>> ReadAsync(
        TestDatabase database,
        string table,
        string[] counts,
        params string[] key
    )
    {
        var rows = await database.ReadAsync(
            $"SELECT \"{string.Join("\", \"", [.. key, .. counts])}\" FROM \"{table}\""
        );
        return Texts(rows.Select(r => (string.Join(' ', r[..key.Length]), string.Join(' ', r[key.Length..]))));
    }
}
