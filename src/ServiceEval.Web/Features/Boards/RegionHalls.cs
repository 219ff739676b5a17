using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Web.Features.Boards;

/// <summary>A region with its halls, in one reading of the directory.</summary>
internal sealed class RegionHalls
{
    private readonly RegionTree _tree;

    public RegionHalls(RegionEntry region, DirectorySnapshot directory, DateTimeOffset now)
    {
        (Region, Directory, _tree) = (region, directory, directory.Regions);
        var halls = _tree.HallsBelow(region, DateOnly.MaxValue);
        // The region's day ends with the day of its last hall. The reports of the region use the same time zone.
        var last = (halls.Count > 0 ? halls : directory.Halls).MinBy(h => h.Zone.BaseUtcOffset);
        TimeZone = last?.Hall.TimeZone ?? TimeZoneInfo.Utc.Id;
        Today = last?.DateOf(now) ?? DateOnly.FromDateTime(now.UtcDateTime);
        From = Today.AddDays(1 - BoardFigures.Span);
        OfToday = _tree.HallsBelow(region, Today);
    }

    public RegionEntry Region { get; }
    public DirectorySnapshot Directory { get; }
    public string TimeZone { get; }
    public DateOnly From { get; }
    public DateOnly Today { get; }

    /// <summary>The halls that are below the region today.</summary>
    public IReadOnlyList<HallEntry> OfToday { get; }

    /// <summary>The ids of <see cref="OfToday"/>; null for all halls.</summary>
    public List<int>? IdsOfToday => IsRoot ? null : [.. OfToday.Select(h => h.Id)];

    /// <summary>The ids of the halls that were below the region on any of its board's dates; null for all halls.</summary>
    public List<int>? IdsOfPeriod =>
        IsRoot
            ? null
            :
            [
                .. Directory
                    .Halls.Where(hall =>
                        Enumerable.Range(0, BoardFigures.Span).Any(day => Contains(hall.Id, From.AddDays(day)))
                    )
                    .Select(hall => hall.Id),
            ];

    // Every hall is below the root on every date.
    private bool IsRoot => Region.Parent is null;

    /// <summary>The region's own halls, and then the regions directly below that have halls today.</summary>
    public IEnumerable<(PlaceScope Scope, string Code, string Name, string ShortName)> Children =>
        _tree
            .HallsOf(Region, Today)
            .Select(hall => (hall.Scope, hall.Code, hall.Name, hall.Hall.ShortName))
            .Concat(
                Region
                    .Children.Where(child => OfToday.Any(hall => _tree.Of(hall.Id, Today).Path.Contains(child)))
                    .Select(child => (child.Scope, child.Code, child.Name, child.ShortName))
            );

    public bool Contains(int hall, DateOnly on) => ChildOf(hall, on) is not null;

    /// <summary>
    /// Returns where a hall was on a date: the hall itself if it was directly in the region, the region directly below,
    /// or null if it was in another region.
    /// </summary>
    public PlaceScope? ChildOf(int hall, DateOnly on)
    {
        var below = _tree.Of(hall, on).Path.SkipWhile(region => region != Region).ToList();
        return below.Count switch
        {
            0 => null,
            1 => PlaceScope.Hall(hall),
            _ => below[1].Scope,
        };
    }
}
