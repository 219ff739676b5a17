using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Places;

/// <summary>One consistent reading of the directory.</summary>
public sealed class DirectorySnapshot
{
    public static readonly DirectorySnapshot Empty = new(
        new Installation { DirectoryVersion = -1 },
        [Region.UnnamedRoot()],
        [],
        [],
        [],
        [],
        [],
        [],
        [],
        []
    );

    private readonly FrozenDictionary<string, HallEntry> _hallsByCode;
    private readonly FrozenDictionary<int, HallEntry> _hallsById;
    private readonly FrozenDictionary<string, WindowEntry> _windowsByCode;
    private readonly FrozenDictionary<int, WindowEntry> _windowsById;
    private readonly FrozenDictionary<string, ServiceItem> _itemsByCode;
    private readonly FrozenDictionary<int, ServiceItem> _itemsById;
    private readonly FrozenDictionary<string, Tag> _tagsByCode;
    private readonly Lazy<ItemSearch> _search;

    internal DirectorySnapshot(
        Installation installation,
        IReadOnlyList<Region> regions,
        IReadOnlyList<HallPlacement> placements,
        IReadOnlyList<Hall> halls,
        IReadOnlyList<Window> windows,
        IReadOnlyList<RevokedCode> revoked,
        IReadOnlyList<ServiceItem> items,
        IReadOnlyList<WindowItem> windowItems,
        IReadOnlyList<Department> departments,
        IReadOnlyList<Tag> tags
    )
    {
        Version = installation.DirectoryVersion;
        (Demo, ShowsMadeUpPast) = (installation.Demo, installation.Demo && installation.ShowsMadeUpPast);
        Title = installation.Title;
        Items = items;
        _search = new(() => new ItemSearch(items));
        Departments = departments.ToFrozenDictionary(d => d.Id);
        Tags = [.. tags.Where(t => !t.Retired)];
        Halls = [.. halls.Select(h => new HallEntry(h, TimeZoneInfo.FindSystemTimeZoneById(h.TimeZone)))];
        Regions = new RegionTree(regions, placements, Halls, Title);
        _hallsById = Halls.ToFrozenDictionary(h => h.Id);
        _hallsByCode = Halls.ToFrozenDictionary(h => h.Code, StringComparer.Ordinal);
        _itemsById = items.ToFrozenDictionary(i => i.Id);
        _itemsByCode = items.ToFrozenDictionary(i => i.Code, StringComparer.Ordinal);
        _tagsByCode = tags.ToFrozenDictionary(t => t.Code, StringComparer.Ordinal);

        var commonest = windowItems.ToLookup(i => i.WindowId, i => _itemsById[i.ItemId]);
        _windowsById = windows
            .Select(w => new WindowEntry(w, _hallsById[w.HallId], [.. commonest[w.Id]]))
            .ToFrozenDictionary(w => w.Id);
        _windowsByCode = _windowsById
            .Values.Select(w => (w.Window.Code, w))
            .Concat(revoked.Select(r => (r.Code, w: _windowsById[r.WindowId])))
            .ToFrozenDictionary(p => p.Code, p => p.w, StringComparer.OrdinalIgnoreCase);
        var byHall = _windowsById.Values.ToLookup(w => w.Window.HallId);
        foreach (var hall in Halls)
        {
            hall.Windows = [.. byHall[hall.Id].OrderBy(w => w.Number, NumberOrder.Instance)];
            hall.BoardStamp = BoardStampOf(hall);
        }
    }

    private int BoardStampOf(HallEntry hall)
    {
        // An import of an invented past raises the version.
        object[] shown = [Demo, ShowsMadeUpPast ? Version : false];
        var named = JsonSerializer.SerializeToUtf8Bytes<object[]>([
            hall.Name,
            hall.Hall.TimeZone,
            shown,
            .. hall.Windows.Where(w => w.IsActive).Select(w => new[] { w.Number, w.Name }),
        ]);
        return BinaryPrimitives.ReadInt32BigEndian(SHA256.HashData(named));
    }

    public int Version { get; }
    public bool Demo { get; }

    /// <inheritdoc cref="Installation.ShowsMadeUpPast"/>
    public bool ShowsMadeUpPast { get; }

    /// <summary>The name of the installation, such as 濮阳县（示例数据）.</summary>
    public string Title { get; }
    public IReadOnlyList<HallEntry> Halls { get; }
    public RegionTree Regions { get; }
    public IReadOnlyList<ServiceItem> Items { get; }
    public ItemSearch ItemSearch => _search.Value;
    public IReadOnlyDictionary<int, Department> Departments { get; }

    /// <summary>The tags that a new rating may have, in the order of their codes.</summary>
    public IReadOnlyList<Tag> Tags { get; }

    /// <summary>Returns the region or the hall with this code; null if there is none.</summary>
    public PlaceScope? ScopeOf(string code) => Regions.Find(code)?.Scope ?? Hall(code)?.Scope;

    public HallEntry? Hall(string code) => _hallsByCode.GetValueOrDefault(code);

    public HallEntry? Hall(int id) => _hallsById.GetValueOrDefault(id);

    /// <summary>Returns the window that has this code, or had it before the code was revoked.</summary>
    public WindowEntry? Window(string code) => _windowsByCode.GetValueOrDefault(code);

    public WindowEntry? Window(int id) => _windowsById.GetValueOrDefault(id);

    public ServiceItem? Item(string code) => _itemsByCode.GetValueOrDefault(code);

    public ServiceItem? Item(int id) => _itemsById.GetValueOrDefault(id);

    /// <summary>Returns the tag with this code, also if it is retired, because an old rating keeps its code.</summary>
    public Tag? Tag(string code) => _tagsByCode.GetValueOrDefault(code);
}
