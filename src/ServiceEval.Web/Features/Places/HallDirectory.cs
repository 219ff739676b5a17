using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Places;

/// <summary>
/// The current halls, windows, items and tags, in memory. The hot path and every page read them here. Another process,
/// such as the command line, may change them, so the version is checked every few seconds.
/// </summary>
public sealed class HallDirectory(IReadSnapshot snapshots)
{
    private volatile DirectorySnapshot _current = DirectorySnapshot.Empty;

    /// <summary>Raised after another version was read. A handler must return at once and do its work later.</summary>
    public event Action? Changed;

    public DirectorySnapshot Current => _current;

    /// <summary>Reads the whole directory again if the version has changed.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        if (await snapshots.ReadAsync(ReadAsync, ct) is not { } read)
            return;
        _current = read;
        Changed?.Invoke();
    }

    /// <summary>Reads the directory. Returns null if the version is the one in use.</summary>
    private async Task<DirectorySnapshot?> ReadAsync(ServiceEvalDb db, CancellationToken ct)
    {
        var installation = await db.Installation.AsNoTracking().SingleOrDefaultAsync(ct) ?? new Installation();
        if (installation.DirectoryVersion == _current.Version)
            return null;

        return new DirectorySnapshot(
            installation,
            await db.Halls.AsNoTracking().OrderBy(h => h.Id).ToListAsync(ct),
            await db.Windows.AsNoTracking().OrderBy(w => w.Id).ToListAsync(ct),
            await db.RevokedCodes.AsNoTracking().ToListAsync(ct),
            await db.ServiceItems.AsNoTracking().OrderBy(i => i.Id).ToListAsync(ct),
            await db.WindowItems.AsNoTracking().OrderBy(i => i.Rank).ToListAsync(ct),
            await db.Departments.AsNoTracking().OrderBy(d => d.Id).ToListAsync(ct),
            await db.Tags.AsNoTracking().OrderBy(t => t.Code).ToListAsync(ct)
        );
    }
}

/// <summary>
/// A hall with its time zone and its windows in the order of their numbers, including retired windows.
/// </summary>
public sealed record HallEntry(Hall Hall, TimeZoneInfo Zone)
{
    public IReadOnlyList<WindowEntry> Windows { get; internal set; } = [];

    /// <summary>
    /// A hash of the names that the hall's board shows. It changes if the board would show another name, or if a part of
    /// an invented past may have come in. It is the same in every process.
    /// </summary>
    public int BoardStamp { get; internal set; }
    public int Id => Hall.Id;
    public string Code => Hall.Code;
    public string Name => Hall.Name;
}

public sealed record WindowEntry(Window Window, HallEntry Hall, IReadOnlyList<ServiceItem> CommonestItems)
{
    public int Id => Window.Id;
    public string Number => Window.Number;
    public string Name => Window.Name;
    public bool IsActive => Window.Status == WindowStatus.Active;

    /// <summary>
    /// Returns whether a new rating may begin with this code. It may not if the code was revoked or the window was
    /// retired.
    /// </summary>
    public bool Takes(string code) => IsActive && string.Equals(Window.Code, code, StringComparison.OrdinalIgnoreCase);
}

/// <summary>One consistent reading of the directory.</summary>
public sealed class DirectorySnapshot
{
    public static readonly DirectorySnapshot Empty = new(
        new Installation { DirectoryVersion = -1 },
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
    public IReadOnlyList<ServiceItem> Items { get; }
    public ItemSearch ItemSearch => _search.Value;
    public IReadOnlyDictionary<int, Department> Departments { get; }

    /// <summary>The tags that a new rating may have, in the order of their codes.</summary>
    public IReadOnlyList<Tag> Tags { get; }

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

/// <summary>Compares window numbers in the order that people expect: 2 before 10, digits before letters.</summary>
internal sealed class NumberOrder : IComparer<string>
{
    public static readonly NumberOrder Instance = new();

    private static readonly StringComparer Natural = StringComparer.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        System.Globalization.CompareOptions.NumericOrdering
    );

    public int Compare(string? x, string? y) => Natural.Compare(x, y);
}
