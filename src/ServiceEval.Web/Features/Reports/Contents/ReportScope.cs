using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Web.Features.Reports.Contents;

/// <summary>The subject of a report: a hall, or a region with everything below it, in one week.</summary>
/// <param name="Halls">All halls of the scope. The region's own halls come before the township centres, because most
/// ratings are given there.</param>
public sealed record ReportScope(PlaceScope Place, string Code, string Title, IReadOnlyList<HallEntry> Halls)
{
    /// <summary>The region; null for a hall.</summary>
    public RegionEntry? Region { get; private init; }

    /// <summary>The regions directly below that have halls, each with its halls.</summary>
    public IReadOnlyList<(RegionEntry Region, IReadOnlyList<HallEntry> Halls)> Children { get; private init; } = [];

    public bool IsRegion => Region is not null;

    /// <summary>The whole place in a sentence, such as 全县.</summary>
    public string Whole => Region?.Whole ?? "本大厅";

    public IEnumerable<WindowEntry> Windows => Halls.SelectMany(h => h.Windows);

    public IReadOnlySet<int> WindowIds => Windows.Select(w => w.Id).ToHashSet();

    /// <summary>Returns the scope of the root with the halls of now.</summary>
    public static ReportScope Root(DirectorySnapshot directory) =>
        Of(directory.Regions.Root, directory, DateOnly.MaxValue);

    public static ReportScope Of(HallEntry hall) => new(hall.Scope, hall.Code, $"{hall.Name}“好差评”周报", [hall]);

    /// <param name="on">The date whose halls the region has.</param>
    public static ReportScope Of(RegionEntry region, DirectorySnapshot directory, DateOnly on)
    {
        var tree = directory.Regions;
        var name = region.Parent is null ? directory.Title : region.Name;
        IReadOnlyList<HallEntry> halls = [.. tree.HallsBelow(region, on).OrderBy(h => h.Hall.Kind)];
        return new(region.Scope, region.Code, $"{name}政务服务“好差评”周报", halls)
        {
            Region = region,
            Children =
            [
                .. region
                    .Children.Select(child => (child, Halls: tree.HallsBelow(child, on)))
                    .Where(child => child.Halls.Count > 0),
            ],
        };
    }

    /// <summary>
    /// Returns the root first, then each region before the regions below it, and then each hall, in the week. A region
    /// without halls is left out. Returns nothing if there are no halls.
    /// </summary>
    public static IEnumerable<ReportScope> All(DirectorySnapshot directory, IsoWeek week) =>
        All(directory, week.Monday);

    /// <summary>Returns the scopes with the halls of now.</summary>
    public static IEnumerable<ReportScope> All(DirectorySnapshot directory) => All(directory, DateOnly.MaxValue);

    private static IEnumerable<ReportScope> All(DirectorySnapshot directory, DateOnly on) =>
        directory
            .Regions.All.Select(region => Of(region, directory, on))
            .Where(scope => scope.Halls.Count > 0)
            .Concat(directory.Halls.Select(Of));

    /// <summary>Returns the scope with this code; null if there is none. <c>county</c> is the root.</summary>
    public static ReportScope? Find(string code, DirectorySnapshot directory) =>
        directory.Regions.Find(code) is { } region ? Of(region, directory, DateOnly.MaxValue)
        : directory.Hall(code) is { } hall ? Of(hall)
        : null;

    /// <summary>Returns the same scope with its halls in a week. A week has the halls of its Monday.</summary>
    public ReportScope In(IsoWeek week, DirectorySnapshot directory) =>
        Region is null ? this : Of(Region, directory, week.Monday);

    /// <summary>Returns the name that this report uses for one of the halls.</summary>
    public string NameOf(string hall) => HallNames.Shorten(hall, [.. Halls.Select(h => h.Name)]);

    public string TitleOf(IsoWeek week) => $"{Title} {IssueOf(week)}";

    /// <summary>
    /// Returns 期号 and days: 第47期（11月16日—22日）. The issue is the number of the ISO week, so an import of older history
    /// does not change any issue.
    /// </summary>
    public static string IssueOf(IsoWeek week)
    {
        var (from, to) = (week.Monday, week.Sunday);
        var days =
            from.Month == to.Month
                ? $"{from.Month}月{from.Day}日—{to.Day}日"
                : $"{from.Month}月{from.Day}日—{to.Month}月{to.Day}日";
        return $"第{week.Number}期（{days}）";
    }

    /// <summary>Returns the instant from which the week is compiled. A region waits for its last hall.</summary>
    public DateTimeOffset CompleteFrom(IsoWeek week) => Halls.Max(h => week.CompleteFrom(h.Zone));

    /// <summary>Returns the running week: the latest week that has begun at any hall of the scope.</summary>
    public IsoWeek Running(DateTimeOffset now) => IsoWeek.Of(Halls.Max(h => IsoWeek.Of(now, h.Zone).Monday));

    /// <summary>Returns whether the week has begun at this instant.</summary>
    public bool Reaches(IsoWeek week, DateTimeOffset instant) => week.Monday <= Running(instant).Monday;

    /// <summary>Returns the date of the instant in <see cref="Zone"/>.</summary>
    public DateOnly DateOf(DateTimeOffset instant) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>Returns the last week that is over, even if it was not compiled.</summary>
    public IsoWeek LastComplete(DateTimeOffset now) =>
        Running(now).Backwards().SkipWhile(w => now < CompleteFrom(w)).First();

    /// <summary>The time zone of the scope's dates: the zone of the hall that the other halls wait for.</summary>
    public TimeZoneInfo Zone => Halls.MinBy(h => h.Zone.BaseUtcOffset)!.Zone;

    /// <summary>Returns the complete weeks from <paramref name="first"/> on, newest first.</summary>
    public IEnumerable<IsoWeek> CompleteWeeks(IsoWeek first, DateTimeOffset now) =>
        Running(now).Backwards().TakeWhile(w => w.Monday >= first.Monday).SkipWhile(w => now < CompleteFrom(w));
}
