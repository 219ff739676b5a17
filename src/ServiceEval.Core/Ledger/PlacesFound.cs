using ServiceEval.Core.Places;
using ServiceEval.Core.Storage;

namespace ServiceEval.Core.Ledger;

/// <summary>The halls and regions of the windows, as verification reads them. Any of the rows may be damaged.</summary>
public sealed class PlacesFound
{
    /// <summary>The most rows of a table that are kept. A nation has fewer windows.</summary>
    private const int Most = 2_000_000;

    private const int MostLevels = 8;

    private readonly Dictionary<int, int> _hallOf = [];
    private readonly Dictionary<int, string> _halls = [];
    private readonly Dictionary<int, (string Code, int? Parent)> _regions = [];
    private readonly Dictionary<int, List<(DateOnly From, int Region)>> _placements = [];
    private readonly Dictionary<int, IReadOnlyList<string>> _paths = [];

    private PlacesFound() { }

    /// <summary>The code of the root now. Its earlier reports can have <see cref="Region.RootAlias"/>.</summary>
    public string RootCode => _regions.GetValueOrDefault(Region.RootId).Code ?? Region.RootAlias;

    /// <summary>
    /// Returns the codes of the scopes whose reports of a week count a window's ratings. The root has both its codes.
    /// </summary>
    public IEnumerable<string> ScopesOf(int window, DateOnly monday)
    {
        if (!_hallOf.TryGetValue(window, out var hall))
            return PathOf(Region.RootId);
        var region = _placements.GetValueOrDefault(hall)?.Find(p => p.From <= monday).Region ?? Region.RootId;
        var path = PathOf(_regions.ContainsKey(region) ? region : Region.RootId);
        return _halls.TryGetValue(hall, out var code) ? path.Append(code) : path;
    }

    internal static PlacesFound Read(LedgerConnection connection, string lengthOf)
    {
        var found = new PlacesFound();
        var code = VerifiedColumns.Bounded("Code", HotRows.LongestName, lengthOf);
        Each("Halls", $"{VerifiedColumns.Columns("Id")}, {code}", r => (r.Number(0), r.Text(1)), found._halls.TryAdd);
        Each("Windows", VerifiedColumns.Columns("Id", "HallId"), r => (r.Number(0), r.Number(1)), found._hallOf.TryAdd);
        Each(
            "Regions",
            $"{VerifiedColumns.Columns("Id")}, {code}, {VerifiedColumns.Columns("ParentId")}",
            r => (r.Number(0), (r.Text(1), r.OptionalNumber(2))),
            found._regions.TryAdd
        );
        Each(
            "HallPlacements",
            VerifiedColumns.Columns("HallId", "From", "RegionId"),
            r => (r.Number(0), (r.Date(1), r.Number(2))),
            found.TryPlace
        );
        foreach (var placements in found._placements.Values)
            placements.Sort((a, b) => b.From.CompareTo(a.From));
        return found;

        void Each<T>(string table, string columns, Func<SuspectRows, (int Key, T Value)> read, Func<int, T, bool> add)
        {
            using var rows = connection.Query($"SELECT {columns} FROM \"{table}\" t");
            for (var n = 0; n < Most && rows.Read(); n++)
            {
                var (key, value) = read(rows);
                if (rows.Legible)
                    add(key, value);
            }
        }
    }

    private bool TryPlace(int hall, (DateOnly, int) placement)
    {
        if (!_placements.TryGetValue(hall, out var placements))
            _placements.Add(hall, placements = []);
        placements.Add(placement);
        return true;
    }

    /// <summary>Returns the codes from the root down to a region. A circle of regions ends at the root.</summary>
    private IReadOnlyList<string> PathOf(int region)
    {
        if (_paths.TryGetValue(region, out var known))
            return known;
        var codes = new List<string>();
        for (int? id = region; id is { } at && at != Region.RootId && codes.Count < MostLevels; )
        {
            if (!_regions.TryGetValue(at, out var row))
                break;
            codes.Add(row.Code);
            id = row.Parent;
        }
        codes.AddRange(((string[])[RootCode, Region.RootAlias]).Distinct());
        return _paths[region] = codes;
    }
}
