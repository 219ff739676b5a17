using System.Collections.Frozen;
using ServiceEval.Core.Places;

namespace ServiceEval.Web.Features.Places;

/// <summary>A region with its place in the tree.</summary>
public sealed class RegionEntry(Region region, RegionEntry? parent)
{
    private readonly List<RegionEntry> _children = [];

    public int Id => region.Id;
    public string Code => region.Code;
    public string Name => region.Name;
    public string ShortName => region.ShortName;
    public RegionLevel Level => region.Level;
    public RegionEntry? Parent => parent;
    public IReadOnlyList<RegionEntry> Children => _children;
    public PlaceScope Scope => PlaceScope.Region(Id);

    /// <summary>The whole region in a sentence, such as 全县 or 全镇: by its name's last character, or by its level.</summary>
    public string Whole
    {
        get
        {
            const string Kinds = "省市州盟县区旗镇乡村";
            var end = Name.Length > 0 && Kinds.Contains(Name[^1], StringComparison.Ordinal) ? Name[^1] : KindOf(Level);
            return $"全{end}";
        }
    }

    /// <summary>Returns the region and the regions above it, from the root down.</summary>
    public IEnumerable<RegionEntry> Path => parent is null ? [this] : parent.Path.Append(this);

    internal void Add(RegionEntry child) => _children.Add(child);

    private static char KindOf(RegionLevel level) =>
        level switch
        {
            RegionLevel.Province => '省',
            RegionLevel.City => '市',
            RegionLevel.Township => '镇',
            RegionLevel.Village => '村',
            _ => '县',
        };
}

/// <summary>The tree of regions, and the halls of each region at a date.</summary>
public sealed class RegionTree
{
    private readonly FrozenDictionary<int, RegionEntry> _byId;
    private readonly FrozenDictionary<string, RegionEntry> _byCode;
    private readonly FrozenDictionary<int, HallPlacement[]> _placements;
    private readonly IReadOnlyList<HallEntry> _halls;

    /// <param name="title">The name of a root that has no name of its own.</param>
    internal RegionTree(
        IReadOnlyList<Region> regions,
        IReadOnlyList<HallPlacement> placements,
        IReadOnlyList<HallEntry> halls,
        string title
    )
    {
        _halls = halls;
        var byId = new Dictionary<int, RegionEntry>();
        Root = new RegionEntry(Named(regions.Single(r => r.Id == Region.RootId), title), parent: null);
        byId.Add(Region.RootId, Root);
        // A region is entered after its parent. A region in a circle is never entered; its halls belong to the root.
        var rest = regions.Where(r => r.Id != Region.RootId).OrderBy(r => r.Code, StringComparer.Ordinal).ToList();
        while (rest.FindIndex(r => byId.ContainsKey(r.ParentId ?? Region.RootId)) is >= 0 and var next)
        {
            var parent = byId[rest[next].ParentId ?? Region.RootId];
            var entry = new RegionEntry(rest[next], parent);
            byId.Add(entry.Id, entry);
            parent.Add(entry);
            rest.RemoveAt(next);
        }
        _byId = byId.ToFrozenDictionary();
        _byCode = byId.Values.ToFrozenDictionary(r => r.Code, StringComparer.Ordinal);
        _placements = placements
            .GroupBy(p => p.HallId)
            .ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(p => p.From).ToArray());
    }

    public RegionEntry Root { get; }

    /// <summary>All regions, a parent before its children.</summary>
    public IEnumerable<RegionEntry> All => Below(Root);

    /// <summary>Returns the region with this code. The alias always names the root.</summary>
    public RegionEntry? Find(string code) => code == Region.RootAlias ? Root : _byCode.GetValueOrDefault(code);

    /// <summary>Returns the code of a scope as it is now. A report that was frozen before can have the alias.</summary>
    public string CodeOf(string scope) => scope == Region.RootAlias ? Root.Code : scope;

    /// <summary>Returns the codes under which reports of a scope can be stored.</summary>
    public IReadOnlyList<string> CodesOf(string scope) =>
        CodeOf(scope) == Root.Code ? [.. ((string[])[Root.Code, Region.RootAlias]).Distinct()] : [scope];

    public RegionEntry? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>Returns the region of a hall on a date of the hall.</summary>
    public RegionEntry Of(int hall, DateOnly on)
    {
        var placement = _placements.GetValueOrDefault(hall)?.FirstOrDefault(p => p.From <= on);
        return placement is null ? Root : _byId.GetValueOrDefault(placement.RegionId, Root);
    }

    /// <summary>Returns the scopes that contain a hall on a date: the root, the regions below it, and the hall.</summary>
    public IReadOnlyList<PlaceScope> ScopesOf(int hall, DateOnly on) =>
        [.. Of(hall, on).Path.Select(region => region.Scope), PlaceScope.Hall(hall)];

    /// <summary>Returns the halls of a region and of all regions below it on a date.</summary>
    public IReadOnlyList<HallEntry> HallsBelow(RegionEntry region, DateOnly on) =>
        [.. _halls.Where(hall => Of(hall.Id, on).Path.Contains(region))];

    /// <summary>Returns the halls of a region itself, without the regions below it.</summary>
    public IReadOnlyList<HallEntry> HallsOf(RegionEntry region, DateOnly on) =>
        [.. _halls.Where(hall => Of(hall.Id, on) == region)];

    private static IEnumerable<RegionEntry> Below(RegionEntry region) =>
        region.Children.SelectMany(Below).Prepend(region);

    private static Region Named(Region root, string title) =>
        root.Name.Length > 0
            ? root
            : new Region
            {
                Id = root.Id,
                Code = root.Code,
                Name = title,
                ShortName = title,
                Level = root.Level,
            };
}
