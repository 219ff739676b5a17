using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Web.Features.Reports.Contents;

/// <summary>The subject of a report: one hall, or the county with all its halls.</summary>
public sealed record ReportScope(string Code, string Title, IReadOnlyList<HallEntry> Halls)
{
    public bool IsCounty => Code == Hall.CountyScope;

    /// <summary>The id of the hall; 0 for the county.</summary>
    public int HallId => IsCounty ? 0 : Halls[0].Id;

    public IEnumerable<WindowEntry> Windows => Halls.SelectMany(h => h.Windows);

    public IReadOnlySet<int> WindowIds => Windows.Select(w => w.Id).ToHashSet();

    /// <summary>
    /// Returns the county's scope. The county's own halls come before the township centres, because most ratings are
    /// given there.
    /// </summary>
    public static ReportScope County(DirectorySnapshot directory) =>
        new(Hall.CountyScope, $"{directory.Title}政务服务“好差评”周报", [.. directory.Halls.OrderBy(h => h.Hall.Kind)]);

    /// <summary>Returns the name that this report uses for one of the halls.</summary>
    public string NameOf(string hall) => HallNames.Shorten(hall, [.. Halls.Select(h => h.Name)]);

    public static ReportScope Of(HallEntry hall) => new(hall.Code, $"{hall.Name}“好差评”周报", [hall]);

    /// <summary>Returns the county first and then each hall. Returns nothing if there are no halls.</summary>
    public static IEnumerable<ReportScope> All(DirectorySnapshot directory) =>
        directory.Halls.Count == 0 ? [] : [County(directory), .. directory.Halls.Select(Of)];

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

    /// <summary>Returns the instant from which the week is compiled. The county waits for its last hall.</summary>
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
