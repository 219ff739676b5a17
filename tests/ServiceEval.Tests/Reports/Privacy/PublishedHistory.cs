using Microsoft.Extensions.Options;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>
/// The reports of all scopes over some weeks. They are frozen as by the sweep, in three rounds, because ratings and
/// details arrive late.
/// </summary>
internal sealed class PublishedHistory(DirectorySnapshot directory, WorkCalendar calendar, int cohort, int minimumN)
{
    public const int Stages = 3;

    private readonly ReportCompiler _compiler = new(
        calendar,
        Options.Create(new ReportOptions { MinimumN = minimumN }),
        Options.Create(new PrivacyOptions { BatchSize = cohort }),
        TimeProvider.System
    );

    /// <summary>
    /// The probability that a scope is left out of a round. Its report is then compiled later than the others.
    /// </summary>
    public double LeftOut { get; init; }

    /// <summary>
    /// Whether the first week has no reports. Its late ratings then arrive between the versions of the second week.
    /// </summary>
    public bool IsFirstWeekUnreported { get; init; }

    /// <summary>Returns the reports in the order of publication, parsed from their frozen JSON.</summary>
    public IReadOnlyList<PublishedReport> Publish(IReadOnlyList<Voter> voters)
    {
        var random = new Random(voters.Count);
        var published = new List<PublishedReport>();
        var weeks = voters.Select(v => v.Week).Distinct().OrderBy(w => w.Monday).ToList();
        foreach (var week in weeks.Skip(IsFirstWeekUnreported ? 1 : 0))
        {
            for (var stage = 0; stage < Stages; stage++)
                published.AddRange(Publish(voters, week, stage, published, random));
        }
        return published;
    }

    private List<PublishedReport> Publish(
        IReadOnlyList<Voter> voters,
        IsoWeek week,
        int stage,
        IReadOnlyList<PublishedReport> earlier,
        Random random
    )
    {
        List<Voter> now = [.. voters.Where(v => v.Week == week && v.Stage <= stage).Select(v => v.At(stage))];
        var before = voters.Where(v => v.Week.Monday < week.Monday);
        if (IsFirstWeekUnreported && week.Previous == voters.Select(v => v.Week).MinBy(w => w.Monday))
            before = before.Where(v => v.Stage <= stage).Select(v => v.At(stage));
        List<Voter> known = [.. before, .. now];
        var (rows, context) = (Rows(now, week), Context(known, week, earlier));
        var published = new List<PublishedReport>();
        foreach (var scope in ReportScope.All(directory, week))
        {
            var windows = scope.WindowIds;
            var versions = earlier
                .Where(p => p.Report.Scope == scope.Code && p.Report.Week == week.ToString())
                .ToList();
            var isLeftOut = random.NextDouble() < LeftOut && (versions.Count > 0 || stage + 1 < Stages);
            bool IsNew(Voter voter) =>
                windows.Contains(voter.Window.Id)
                && (versions.Count == 0 || voter.Stage > versions[^1].Stage || voter.DetailStage > versions[^1].Stage);
            if (isLeftOut || !now.Exists(IsNew))
                continue;
            var report = WeeklyReport.Parse(
                _compiler.Compile(scope, rows, context, directory, versions.Count + 1).Freeze().Json
            );
            published.Add(
                new(report, [.. known.Where(v => scope.In(v.Week, directory).WindowIds.Contains(v.Window.Id))], stage)
            );
        }
        return published;
    }

    private static WeekContext Context(List<Voter> known, IsoWeek week, IReadOnlyList<PublishedReport> earlier)
    {
        List<WeekCounts> before =
        [
            .. week
                .Previous.Backwards()
                .Take(WeekContext.WeeksBefore)
                .Select(w => WeekCounts.Of(Rows([.. known.Where(v => v.Week == w)], w))),
        ];
        List<Voter> now = [.. known.Where(v => v.Week == week)];
        return new(
            before,
            known.Count > now.Count,
            new WeekEntries(
                [
                    .. now.Where(v => v.IsCorrected)
                        .Select(v => new CorrectedRating(IdOf(v), GroupOf(v), Grade.Satisfied, v.Grade)),
                ],
                [],
                [.. now.Where(v => v.IsRepeat).Select(v => new Repeat(IdOf(v), GroupOf(v), v.Grade, Standing.Counted))]
            )
            {
                Named = [.. now.Where(v => v.Item > 0).CountBy(GroupOf).Select(g => new NamedItems(g.Key, g.Value))],
            }
        )
        {
            Versions = [.. earlier.Select(p => p.Report).Where(r => r.Week == week.ToString())],
            Frozen = earlier
                .GroupBy(p => (p.Report.Scope, p.Report.Week))
                .ToDictionary(g => g.Key, g => g.Last().Report),
        };
    }

    private static Guid IdOf(Voter voter) => new(voter.Id, 0, 0, new byte[8]);

    private static RatingGroup GroupOf(Voter voter) =>
        new(voter.Date, voter.Window.Id, voter.Channel, voter.Tier, voter.Department, voter.Item);

    private static WeekRows Rows(IReadOnlyList<Voter> voters, IsoWeek week)
    {
        var hours = voters
            .GroupBy(v => (v.Date, v.Window, v.Tier, v.Channel))
            .Select(g =>
                Counted(
                    new HourTally
                    {
                        LocalDate = g.Key.Date,
                        LocalHour = 10,
                        WindowId = g.Key.Window.Id,
                        DepartmentId = g.Key.Window.Window.DepartmentId ?? 0,
                        Tier = g.Key.Tier,
                        Channel = g.Key.Channel,
                        Standing = Standing.Counted,
                    },
                    g
                )
            );
        var items = voters
            .Where(v => v.Item > 0)
            .GroupBy(v => (v.Date, v.Window, v.Item, v.Department, v.Tier))
            .Select(g =>
                Counted(
                    new ItemTally
                    {
                        LocalDate = g.Key.Date,
                        WindowId = g.Key.Window.Id,
                        ItemId = g.Key.Item,
                        DepartmentId = g.Key.Department,
                        Tier = g.Key.Tier,
                        Standing = Standing.Counted,
                    },
                    g
                )
            );
        var tags = voters
            .Where(v => v.Tag is not null)
            .GroupBy(v => (v.Date, v.Window, v.Tag))
            .Select(g => new TagTally
            {
                LocalDate = g.Key.Date,
                WindowId = g.Key.Window.Id,
                TagCode = g.Key.Tag!,
                Standing = Standing.Counted,
                Count = g.Count(),
            });
        return new(week, new BlockReference(1, new byte[32]), [.. hours], [.. items], [.. tags]);
    }

    private static T Counted<T>(T tally, IEnumerable<Voter> voters)
        where T : GradedTally
    {
        foreach (var voter in voters)
            tally.Add(GradeCounts.One(voter.Grade));
        return tally;
    }
}
