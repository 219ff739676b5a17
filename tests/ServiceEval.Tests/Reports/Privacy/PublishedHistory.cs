using Microsoft.Extensions.Options;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Statistics;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>The reports of all scopes over some weeks, as the sweep freezes them: first versions, then second ones where ratings came late.</summary>
internal sealed class PublishedHistory(DirectorySnapshot directory, WorkCalendar calendar, int cohort, int minimumN)
{
    private readonly ReportCompiler _compiler = new(
        calendar, Options.Create(new ReportOptions { MinimumN = minimumN }), Options.Create(new BoardOptions { BatchSize = cohort }), TimeProvider.System);

    /// <summary>In the order of publication, parsed from their frozen JSON, each with the ratings that had come in.</summary>
    public IReadOnlyList<(WeeklyReport Report, IReadOnlyList<Voter> Known)> Publish(IReadOnlyList<Voter> voters)
    {
        var published = new List<(WeeklyReport, IReadOnlyList<Voter>)>();
        var newest = new Dictionary<(string Scope, string Week), WeeklyReport>();
        foreach (var week in voters.Select(v => v.Week).Distinct().OrderBy(w => w.Monday))
        {
            foreach (var version in (int[])[1, 2])
            {
                List<Voter> known = [.. voters.Where(v => v.Week.Monday < week.Monday || (v.Week == week && (version == 2 || !v.IsLate)))];
                List<Voter> now = [.. known.Where(v => v.Week == week)];
                var rows = Rows(now, week);
                var context = Context(known, week, newest);
                var before = newest.Where(r => r.Key.Week == week.ToString()).ToDictionary(r => r.Key.Scope, r => r.Value);
                foreach (var scope in ReportScope.All(directory))
                {
                    var windows = scope.WindowIds;
                    if (!now.Exists(v => windows.Contains(v.Window.Id)) || (version == 2 && !now.Exists(v => v.IsLate && windows.Contains(v.Window.Id)))) continue;
                    var report = WeeklyReport.Parse(_compiler.Compile(scope, rows, context, directory, before.ContainsKey(scope.Code) ? 2 : 1, before).Freeze().Json);
                    newest[(scope.Code, week.ToString())] = report;
                    published.Add((report, [.. known.Where(v => windows.Contains(v.Window.Id))]));
                }
            }
        }
        return published;
    }

    private static WeekContext Context(List<Voter> known, IsoWeek week, Dictionary<(string Scope, string Week), WeeklyReport> newest)
    {
        List<WeekCounts> before = [.. week.Previous.Backwards().Take(WeekContext.WeeksBefore).Select(w => WeekCounts.Of(Rows([.. known.Where(v => v.Week == w)], w)))];
        List<Voter> now = [.. known.Where(v => v.Week == week)];
        return new(before, known.Count > now.Count, new WeekEntries(
            [.. now.Where(v => v.IsCorrected).Select(v => new CorrectedRating(v.Window.Id, Grade.Satisfied, v.Grade))], [],
            [.. now.Where(v => v.IsRepeat).Select(v => new Repeat(Guid.CreateVersion7(), v.Window.Id, v.Date, v.Grade, v.Tier, Standing.Counted))])
        {
            Named = [.. now.Where(v => v.Item > 0).GroupBy(v => (v.Date, v.Window.Id, v.Channel, v.Tier, v.Department, v.Item))
                .Select(g => new NamedItems(g.Key.Date, g.Key.Id, g.Key.Channel, g.Key.Tier, g.Key.Department, g.Key.Item, g.Count()))],
        })
        {
            Frozen = new Dictionary<(string, string), WeeklyReport>(newest),
        };
    }

    private static WeekRows Rows(IReadOnlyList<Voter> voters, IsoWeek week)
    {
        var hours = voters.GroupBy(v => (v.Date, v.Window, v.Tier, v.Channel)).Select(g => Counted(new HourTally
        {
            LocalDate = g.Key.Date, LocalHour = 10, WindowId = g.Key.Window.Id, DepartmentId = g.Key.Window.Window.DepartmentId ?? 0,
            Tier = g.Key.Tier, Channel = g.Key.Channel, Standing = Standing.Counted,
        }, g));
        var items = voters.Where(v => v.Item > 0).GroupBy(v => (v.Date, v.Window, v.Item, v.Department, v.Tier)).Select(g => Counted(new ItemTally
        {
            LocalDate = g.Key.Date, WindowId = g.Key.Window.Id, ItemId = g.Key.Item, DepartmentId = g.Key.Department, Tier = g.Key.Tier, Standing = Standing.Counted,
        }, g));
        var tags = voters.Where(v => v.Tag is not null).GroupBy(v => (v.Date, v.Window, v.Tag)).Select(g => new TagTally
        {
            LocalDate = g.Key.Date, WindowId = g.Key.Window.Id, TagCode = g.Key.Tag!, Standing = Standing.Counted, Count = g.Count(),
        });
        return new(week, new BlockReference(1, new byte[32]), [.. hours], [.. items], [.. tags]);
    }

    private static T Counted<T>(T tally, IEnumerable<Voter> voters) where T : GradedTally
    {
        foreach (var voter in voters) tally.Add(GradeCounts.One(voter.Grade));
        return tally;
    }
}
