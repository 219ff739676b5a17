using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Simulator;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>A county with some simulated weeks, as <c>simulate --history</c> makes them with its options.</summary>
internal sealed record SimulatedCounty(DirectorySnapshot Directory, int Weeks, int PerWeek, int Seed, double Late)
{
    private static readonly DateOnly LastDay = new(2026, 11, 22);

    public IsoWeek? BadWeek { get; init; }
    public DateOnly? Outage { get; init; }
    public bool IsStuffed { get; init; }
    public bool IsImported { get; init; }

    /// <summary>The table in which one row has most of the repeats and corrections.</summary>
    public MarkedPart Marked { get; init; }

    /// <summary>The share of items and tags that arrive after the week's first reports.</summary>
    public double LateDetails { get; init; }

    public IReadOnlyList<Voter> Voters(WorkCalendar calendar)
    {
        var random = new Random(Seed);
        var period = new HistoryPeriod(Weeks * 7, LastDay, DateTimeOffset.MaxValue.AddYears(-1));
        var hours = Directory.Halls.ToDictionary(
            h => h.Id,
            h => OpeningHours.TryParse(h.Hall.OpeningHours, out var read) ? read : OpeningHours.Usual
        );
        var incidents = new Incidents(BadWeek, Outage, IsStuffed ? Directory.Halls[0].Windows[0] : null);
        var history = new History(period, Directory.Halls, hours, calendar, Seed, PerWeek, incidents);
        // The stages have their own random numbers, so that late ratings change nothing else.
        var stages = new Random(Seed);
        return [.. history.Ratings().Select((r, i) => Voter(i, r, random, stages))];
    }

    private Voter Voter(int id, SimulatedRating rating, Random random, Random stages)
    {
        var department = rating.Item?.DepartmentId ?? rating.Window.Window.DepartmentId ?? 0;
        var tier =
            IsImported ? Tier.Imported
            : random.NextDouble() < 0.1 ? Tier.Assisted
            : Tier.Printed;
        List<Tag> tags = [.. Directory.Tags.Where(t => t.Grade == rating.Grade)];
        var tag = tags.Count > 0 && random.NextDouble() < 0.3 ? tags[random.Next(tags.Count)].Code : null;
        var stage = random.NextDouble() < Late ? stages.Next(1, PublishedHistory.Stages) : 0;
        var detailStage =
            stages.NextDouble() < LateDetails ? Math.Max(stage, stages.Next(1, PublishedHistory.Stages)) : stage;
        var marked = IsInMarkedPart(rating, department) ? 0.9 : 0.03;
        return new(
            id,
            rating.Window,
            department,
            rating.Item?.Id ?? 0,
            DateOnly.FromDateTime(rating.Local),
            rating.Channel,
            tier,
            rating.Grade,
            tag,
            stage,
            detailStage,
            random.NextDouble() < marked,
            random.NextDouble() < marked
        );
    }

    private bool IsInMarkedPart(SimulatedRating rating, int department) =>
        Marked switch
        {
            MarkedPart.Channel => rating.Channel == Channel.Tablet,
            MarkedPart.Day => DateOnly.FromDateTime(rating.Local).DayOfWeek == DayOfWeek.Friday,
            MarkedPart.Department => department == 1,
            _ => false,
        };

    /// <summary>
    /// Returns a small directory. The first hall is the county's, the others are townships with one or two windows.
    /// Each department has at least one item.
    /// </summary>
    public static DirectorySnapshot Tiny(int halls, int windows, int departments, bool isTree = false)
    {
        Hall[] places =
        [
            .. Enumerable
                .Range(1, halls)
                .Select(id => new Hall
                {
                    Id = id,
                    Code = $"hall{id}",
                    Name = $"{id}号大厅",
                    ShortName = $"大厅{id}",
                    TimeZone = "Asia/Shanghai",
                    OpeningHours = "Mo-Fr 09:00-17:00",
                    Kind = id == 1 ? HallKind.Hall : HallKind.TownshipCentre,
                }),
        ];
        Department[] offices =
        [
            .. Enumerable
                .Range(1, departments)
                .Select(id => new Department
                {
                    Id = id,
                    Code = $"D{id}",
                    Name = $"部门{id}",
                    ShortName = $"{id}局",
                }),
        ];
        Window[] counters =
        [
            .. places
                .SelectMany(hall =>
                    Enumerable.Range(1, hall.Id == 1 ? windows : 1 + hall.Id % 2).Select(number => (hall, number))
                )
                .Select(
                    (w, i) =>
                        new Window
                        {
                            Id = i + 1,
                            HallId = w.hall.Id,
                            Number = $"{w.number}",
                            Name = $"窗口{i + 1}",
                            Code = $"code{i + 1}",
                            DepartmentId = i % 3 == 0 ? null : 1 + i % departments,
                            Kind = i % 5 == 4 ? WindowKind.SelfService : WindowKind.Comprehensive,
                        }
                ),
        ];
        ServiceItem[] items =
        [
            .. offices
                .SelectMany(d => Enumerable.Range(0, 1 + d.Id % 3).Select(_ => d))
                .Select(
                    (d, i) =>
                        new ServiceItem
                        {
                            Id = i + 1,
                            Code = $"I{i + 1}",
                            Name = $"事项{i + 1}",
                            DepartmentId = d.Id,
                        }
                ),
        ];
        WindowItem[] commonest =
        [
            .. counters.SelectMany(w =>
                Enumerable
                    .Range(0, Math.Min(3, items.Length))
                    .Select(rank => new WindowItem
                    {
                        WindowId = w.Id,
                        ItemId = items[(w.Id * 2 + rank) % items.Length].Id,
                        Rank = rank + 1,
                    })
            ),
        ];
        Tag[] tags =
        [
            .. Grades.All.SelectMany(g =>
                Enumerable
                    .Range(1, 2)
                    .Select(n => new Tag
                    {
                        Code = $"{(int)g}{n}",
                        Grade = g,
                        Text = $"标签{(int)g}{n}",
                        TextEn = "",
                    })
            ),
        ];
        return new DirectorySnapshot(
            new Installation { Title = "示例县" },
            isTree ? Regions() : [Region.UnnamedRoot()],
            isTree ? Placements(halls) : [],
            places,
            counters,
            [],
            items,
            commonest,
            offices,
            tags
        );
    }

    /// <summary>Two regions below the root, and one below the second of them.</summary>
    private static Region[] Regions() =>
        [Region.UnnamedRoot(), Below(Region.RootId, 2), Below(Region.RootId, 3), Below(3, 4)];

    private static Region Below(int parent, int id) =>
        new()
        {
            Id = id,
            Code = $"41092810000{id}",
            Name = $"区划{id}",
            ShortName = $"{id}区",
            Level = parent == Region.RootId ? RegionLevel.Township : RegionLevel.Village,
            ParentId = parent,
        };

    /// <summary>The first hall stays at the root. The third hall moves within the simulated weeks.</summary>
    private static HallPlacement[] Placements(int halls) =>
        [
            .. Enumerable
                .Range(2, halls - 1)
                .Select(hall => new HallPlacement
                {
                    HallId = hall,
                    From = HallPlacement.Always,
                    RegionId = hall % 2 == 0 ? 3 : 4,
                }),
            .. halls > 2
                ?
                [
                    new HallPlacement
                    {
                        HallId = 3,
                        From = new DateOnly(2026, 11, 9),
                        RegionId = 2,
                    },
                ]
                : (HallPlacement[])[],
        ];
}

internal enum MarkedPart
{
    None,
    Channel,
    Day,
    Department,
}
