using ServiceEval.Data.Halls;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Reports;

/// <summary>What a report is about: one hall, or the county with all of them.</summary>
public sealed record ReportScope(string Code, string Title, IReadOnlyList<HallEntry> Halls)
{
    public bool IsCounty => Code == Hall.CountyScope;

    /// <summary>0 for the county.</summary>
    public int HallId => IsCounty ? 0 : Halls[0].Id;

    public IEnumerable<WindowEntry> Windows => Halls.SelectMany(h => h.Windows);

    public IReadOnlySet<int> WindowIds => Windows.Select(w => w.Id).ToHashSet();

    /// <summary>Its own halls before the townships' centres: most ratings are given there.</summary>
    public static ReportScope County(DirectorySnapshot directory) =>
        new(Hall.CountyScope, $"{directory.Title}政务服务“好差评”周报", [.. directory.Halls.OrderBy(h => h.Hall.Kind)]);

    /// <summary>What one of the halls is called in this report.</summary>
    public string NameOf(string hall) => HallNames.Shorten(hall, [.. Halls.Select(h => h.Name)]);

    public static ReportScope Of(HallEntry hall) => new(hall.Code, $"{hall.Name}“好差评”周报", [hall]);

    /// <summary>The county first, then each hall; nothing while there are no halls.</summary>
    public static IEnumerable<ReportScope> All(DirectorySnapshot directory) =>
        directory.Halls.Count == 0 ? [] : [County(directory), .. directory.Halls.Select(Of)];

    public string TitleOf(IsoWeek week) => $"{Title} {IssueOf(week)}";

    /// <summary>
    /// 期号 and days: 第47期（11月16日—22日）. The issue is the ISO week's number: history that comes in later moves none.
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

    /// <summary>The county waits for its last hall.</summary>
    public DateTimeOffset CompleteFrom(IsoWeek week) => Halls.Max(h => week.CompleteFrom(h.Zone));

    /// <summary>The week that is running, wherever in the scope it began first.</summary>
    public IsoWeek Running(DateTimeOffset now) => IsoWeek.Of(Halls.Max(h => IsoWeek.Of(now, h.Zone).Monday));

    /// <summary>Whether the week has begun by then.</summary>
    public bool Reaches(IsoWeek week, DateTimeOffset instant) => week.Monday <= Running(instant).Monday;

    /// <summary>The date in <see cref="Zone"/>.</summary>
    public DateOnly DateOf(DateTimeOffset instant) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>The week that is over last, whether it was compiled or not.</summary>
    public IsoWeek LastComplete(DateTimeOffset now) =>
        Running(now).Backwards().SkipWhile(w => now < CompleteFrom(w)).First();

    /// <summary>In whose time it is spoken of: that of the hall that the others wait for.</summary>
    public TimeZoneInfo Zone => Halls.MinBy(h => h.Zone.BaseUtcOffset)!.Zone;

    /// <summary>The complete weeks from <paramref name="first"/> on, newest first.</summary>
    public IEnumerable<IsoWeek> CompleteWeeks(IsoWeek first, DateTimeOffset now) =>
        Running(now).Backwards().TakeWhile(w => w.Monday >= first.Monday).SkipWhile(w => now < CompleteFrom(w));
}
