using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Reports;

/// <summary>
/// Weeks of ratings in a small county. The hall <c>main</c> has windows 1 to 4; 3 and 4 belong to the first department.
/// The township <c>town</c> has only window 5. Item 1 belongs to the first department, item 2 to the second.
/// </summary>
internal sealed class RatedWeeks
{
    private readonly List<HourTally> _hours = [];
    private readonly List<ItemTally> _items = [];
    private readonly List<TagTally> _tags = [];

    public RatedWeeks(string week = "2026-W47") => Week = IsoWeek.Parse(week);

    public IsoWeek Week { get; }
    public WeekEntries Entries { get; set; } = new([], [], []);
    public int Cohort { get; init; } = 5;
    public bool HasEarlier { get; init; } = true;

    /// <summary>Whether each week before has its own report of the same scope.</summary>
    public bool AreEarlierWeeksReported { get; init; } = true;
    public bool HasDamagedVersion { get; init; }

    /// <summary>The clock. Only a report of a week that is not over reads it.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 18, 4, 0, 0, TimeSpan.Zero));

    public static DirectorySnapshot Directory { get; } = Build();

    /// <summary>The same county, but its township was entered first.</summary>
    public static DirectorySnapshot Backwards { get; } = Build(townFirst: true);

    public static WorkCalendar Calendar { get; } =
        CalendarFiles.Load(Path.Combine(AppContext.BaseDirectory, "seeds", "calendar"));

    /// <param name="weeksAgo">0 for the week itself.</param>
    public RatedWeeks Give(
        int window,
        int good,
        int bad,
        int weeksAgo = 0,
        int day = 0,
        Tier tier = Tier.Printed,
        Standing standing = Standing.Counted,
        Channel channel = Channel.Qr,
        int department = -1
    )
    {
        _hours.Add(
            new HourTally
            {
                LocalDate = Date(weeksAgo, day),
                LocalHour = 10,
                WindowId = window,
                Tier = tier,
                Channel = channel,
                Standing = standing,
                Satisfied = good,
                Dissatisfied = bad,
                DepartmentId =
                    department >= 0 ? department
                    : window is 3 or 4 ? 1
                    : 0,
            }
        );
        return this;
    }

    /// <summary>Adds an item to ratings that were given before.</summary>
    public RatedWeeks Name(int window, int item, int good, int bad, int weeksAgo = 0)
    {
        _items.Add(
            new ItemTally
            {
                LocalDate = Date(weeksAgo, 0),
                WindowId = window,
                ItemId = item,
                DepartmentId = item,
                Tier = Tier.Printed,
                Standing = Standing.Counted,
                Satisfied = good,
                Dissatisfied = bad,
            }
        );
        return this;
    }

    public RatedWeeks Tag(int window, string code, int count, int weeksAgo = 0)
    {
        _tags.Add(
            new TagTally
            {
                LocalDate = Date(weeksAgo, 0),
                WindowId = window,
                TagCode = code,
                Standing = Standing.Counted,
                Count = count,
            }
        );
        return this;
    }

    /// <summary>Returns the group of the ratings that were given at a window on Monday without an item.</summary>
    public RatingGroup Group(int window) =>
        new(Date(0, 0), window, Channel.Qr, Tier.Printed, window is 3 or 4 ? 1 : 0, ItemId: 0);

    public CorrectedRating Correct(int window, Grade from, Grade to) =>
        new(Guid.CreateVersion7(), Group(window), from, to);

    public Repeat Repeat(int window, Grade grade) => new(Guid.CreateVersion7(), Group(window), grade, Standing.Counted);

    public WeekRows Rows(int weeksAgo = 0)
    {
        var week = IsoWeek.Of(Date(weeksAgo, 0));
        bool IsIn(DateOnly date) => date >= week.Monday && date <= week.Sunday;
        return new(
            week,
            new BlockReference(1, new byte[32]),
            [.. _hours.Where(r => IsIn(r.LocalDate))],
            [.. _items.Where(r => IsIn(r.LocalDate))],
            [.. _tags.Where(r => IsIn(r.LocalDate))]
        );
    }

    /// <param name="hall">The code of a hall; null for the county.</param>
    /// <param name="last">The report of the week before, if there is one.</param>
    /// <param name="frozen">The other reports of the week. Earlier versions come before later ones.</param>
    public WeeklyReport Compile(
        string? hall = null,
        int version = 1,
        WeeklyReport? earlier = null,
        int minimumN = 30,
        WeeklyReport? last = null,
        params IReadOnlyList<WeeklyReport> frozen
    )
    {
        var scope = hall is null ? ReportScope.Root(Directory) : ReportScope.Of(Directory.Hall(hall)!);
        var compiler = new ReportCompiler(
            Calendar,
            Options.Create(new ReportOptions { MinimumN = minimumN }),
            Options.Create(new PrivacyOptions { BatchSize = Cohort }),
            Clock
        );
        var context = new WeekContext(Before(0), HasEarlier, Entries)
        {
            Frozen = AreEarlierWeeksReported ? Frozen(compiler, scope) : new(),
            HasDamagedVersion = HasDamagedVersion,
            Versions = [.. frozen, .. earlier is null ? [] : (WeeklyReport[])[earlier]],
            Lines = Lines(scope),
            LastReports = last is null ? new Dictionary<string, string>() : new() { [last.Scope] = last.Freeze().Json },
        };
        return compiler.Compile(scope, Rows(), context, Directory, version);
    }

    private List<WeekCounts> Before(int weeksAgo) =>
        [.. Enumerable.Range(weeksAgo + 1, WeekContext.WeeksBefore).Select(ago => WeekCounts.Of(Rows(ago)))];

    private Dictionary<(string, string), WeeklyReport> Frozen(ReportCompiler compiler, ReportScope scope) =>
        Enumerable
            .Range(1, WeekContext.WeeksBefore)
            .Select(ago =>
                compiler.Compile(
                    scope,
                    Rows(ago),
                    new WeekContext(Before(ago), HasEarlier, new([], [], [])),
                    Directory,
                    version: 1
                )
            )
            .ToDictionary(report => (report.Scope, report.Week));

    /// <summary>
    /// Returns the line of each earlier week from that week's own report. A week without ratings has no line.
    /// </summary>
    private Dictionary<(string, string), ReportLine> Lines(ReportScope scope) =>
        Enumerable
            .Range(1, Trend.Weeks - 1)
            .Select(ago => (Rows(ago).Week, Total: WeekCounts.Of(Rows(ago).Of(scope)).Total))
            .Where(w => w.Total.Total > 0)
            .ToDictionary(
                w => (scope.Code, w.Week.ToString()),
                w =>
                {
                    var n = w.Total.Total;
                    var (low, high) = ServiceEval.Core.Statistics.Wilson.Interval(w.Total.Good, n);
                    (double?, double?, double?) rate =
                        n < 30 ? (null, null, null) : ((double)w.Total.Good / n, low, high);
                    return new ReportLine(
                        "",
                        scope.Code,
                        w.Week.ToString(),
                        1,
                        n,
                        rate.Item1,
                        rate.Item2,
                        rate.Item3,
                        default,
                        ""
                    );
                }
            );

    private DateOnly Date(int weeksAgo, int day) => Week.Monday.AddDays(day - 7 * weeksAgo);

    private static DirectorySnapshot Build(bool townFirst = false)
    {
        Hall[] halls =
        [
            new()
            {
                Id = 1,
                Code = "main",
                Name = "示例县政务服务中心",
                ShortName = "县大厅",
                TimeZone = "Asia/Shanghai",
                Kind = HallKind.Hall,
            },
            new()
            {
                Id = 2,
                Code = "town",
                Name = "示例镇便民服务中心",
                ShortName = "示例镇",
                TimeZone = "Asia/Shanghai",
                Kind = HallKind.TownshipCentre,
            },
        ];
        Department[] departments =
        [
            new()
            {
                Id = 1,
                Code = "D1",
                Name = "示例县人社局",
                ShortName = "人社局",
            },
            new()
            {
                Id = 2,
                Code = "D2",
                Name = "示例县公安局",
                ShortName = "公安局",
            },
        ];
        Window[] windows =
        [
            .. Enumerable
                .Range(1, 5)
                .Select(id => new Window
                {
                    Id = id,
                    HallId = id == 5 ? 2 : 1,
                    Number = $"{(id == 5 ? 1 : id)}",
                    Name = "综合窗口",
                    Code = $"code{id}",
                    DepartmentId = id is 3 or 4 ? 1 : null,
                }),
        ];
        ServiceItem[] items =
        [
            new()
            {
                Id = 1,
                Code = "I1",
                Name = "社会保障卡申领",
                DepartmentId = 1,
            },
            new()
            {
                Id = 2,
                Code = "I2",
                Name = "居民身份证换领",
                DepartmentId = 2,
            },
        ];
        Tag[] tags =
        [
            new()
            {
                Code = "214",
                Grade = Grade.Dissatisfied,
                Text = "服务态度生硬",
                TextEn = "",
            },
            new()
            {
                Code = "213",
                Grade = Grade.Dissatisfied,
                Text = "窗口人员业务不熟练",
                TextEn = "",
            },
            new()
            {
                Code = "406",
                Grade = Grade.Satisfied,
                Text = "填写一张表单就可完成申报",
                TextEn = "",
            },
        ];
        return new DirectorySnapshot(
            new Installation { Title = "示例县" },
            [Region.UnnamedRoot()],
            [],
            townFirst ? [.. halls.OrderByDescending(h => h.Id)] : halls,
            windows,
            [],
            items,
            [],
            departments,
            tags
        );
    }
}
