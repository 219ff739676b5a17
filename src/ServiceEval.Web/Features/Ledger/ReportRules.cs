using ServiceEval.Data.Halls;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Reports;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Frozen reports against their hashes and against each other: their versions count up from 1, a later one saw no
/// shorter ledger, none was compiled before its week was over, and what was mailed is there. The sweep compiles the
/// whole installation's weeks in their order, so one of them can't be missing or younger between two others.
/// </summary>
internal sealed class ReportRules(IReadOnlyDictionary<ReportId, DateTimeOffset?> mailed)
{
    private const string Table = "Reports";

    /// <summary>More than a province's in a hundred years.</summary>
    private const int Most = 200_000;

    /// <summary>The first place on earth begins a day so long before UTC does.</summary>
    private static readonly TimeSpan FirstZone = TimeSpan.FromHours(14);

    private readonly HashSet<ReportId> _mailedAndThere = [];
    private readonly List<Report> _firstOfWholeWeeks = [];
    private Report? _before;
    private int _count;

    public FaultList Faults { get; } = new();
    public List<Anchor> Heads { get; } = [];
    public ReportedTotals Totals { get; } = new();

    /// <summary>One after the other, by scope, week and version.</summary>
    public void Take(Stored<Report> stored)
    {
        if (++_count > Most)
        {
            if (_count == Most + 1)
                Faults.Add(Laws.TooMany.Fault(Table, null));
            return;
        }
        var report = stored.Row;
        var isAsFrozen = stored.Legible && WeeklyReport.IsAsFrozen(report);
        Heads.Add(
            new Anchor(
                Table,
                report.LedgerSequence,
                report.LedgerHash,
                report.Id,
                isAsFrozen ? report.CompiledAt : null
            )
        );
        if (!isAsFrozen)
            Faults.Add(new Fault(FaultKind.Altered, Table, report.Id, null, null));
        if (!isAsFrozen || !IsoWeek.TryParse(report.Week, out var week, out _))
            return;

        Totals.Take(report, week);
        JudgeVersion(report);
        if (report.CompiledAt < Start(week.Next) - FirstZone)
            Break(Laws.ReportWeek, report.Id);
        var id = new ReportId(report.Scope, report.Week, report.Version);
        if (mailed.TryGetValue(id, out var sentAt))
        {
            _mailedAndThere.Add(id);
            if (report.CompiledAt - sentAt > CommitTime.SetBack)
                Break(Laws.ReportMailed, report.Id);
        }
        if (report is { Scope: Hall.CountyScope, Version: 1 })
            _firstOfWholeWeeks.Add(Bare(report));
        _before = Bare(report);
    }

    /// <summary>After the last report.</summary>
    public void End()
    {
        foreach (var gone in mailed.Keys.Where(id => !_mailedAndThere.Contains(id)))
            Break(Laws.ReportMailed, gone.ToString());
        for (var i = 0; i + 1 < _firstOfWholeWeeks.Count; i++)
            JudgeWeeks(
                _firstOfWholeWeeks[i],
                _firstOfWholeWeeks[i + 1],
                i + 2 < _firstOfWholeWeeks.Count ? _firstOfWholeWeeks[i + 2] : null
            );
    }

    private void JudgeVersion(Report report)
    {
        var earlier =
            _before is { } before && before.Scope == report.Scope && before.Week == report.Week ? before : null;
        for (var version = (earlier?.Version ?? 0) + 1; version < report.Version; version++)
        {
            Break(Laws.ReportMissing, new ReportId(report.Scope, report.Week, version).ToString());
            if (version - (earlier?.Version ?? 0) >= FaultList.Most || Faults.More > 0)
                break;
        }
        if (
            earlier is not null
            && (
                report.LedgerSequence < earlier.LedgerSequence
                || earlier.CompiledAt - report.CompiledAt > CommitTime.SetBack
            )
        )
            Break(Laws.ReportOrder, earlier.Id);
    }

    /// <summary>
    /// When the third was compiled by the sweep, and the first was there, the second was due before it.
    /// </summary>
    private void JudgeWeeks(Report first, Report second, Report? third)
    {
        var (a, b) = (IsoWeek.Parse(first.Week), IsoWeek.Parse(second.Week));
        if (b == a.Next.Next && first.LedgerSequence <= second.LedgerSequence && IsOfTheSweep(second, b))
            Break(Laws.ReportMissing, new ReportId(first.Scope, a.Next.ToString(), 1).ToString());
        if (third is null || b != a.Next || IsoWeek.Parse(third.Week) is var c && c != b.Next)
            return;
        if (
            first.LedgerSequence <= third.LedgerSequence
            && third.LedgerSequence < second.LedgerSequence
            && third.CompiledAt < second.CompiledAt
            && IsOfTheSweep(third, c)
        )
            Break(Laws.ReportOrder, second.Id);
    }

    /// <summary>So early that the sweep still looked at the week before.</summary>
    private static bool IsOfTheSweep(Report report, IsoWeek week) =>
        report.CompiledAt < Start(week.Next).AddDays(7 * (ReportSweep.Weeks - 1));

    private static DateTimeOffset Start(IsoWeek week) => new(week.Monday, TimeOnly.MinValue, TimeSpan.Zero);

    private static Report Bare(Report report) =>
        new()
        {
            Scope = report.Scope,
            Week = report.Week,
            Version = report.Version,
            DataHash = [],
            ContentHash = [],
            LedgerSequence = report.LedgerSequence,
            LedgerHash = [],
            CompiledAt = report.CompiledAt,
            Json = "",
        };

    private void Break(Law law, string id) => Faults.Add(law.Fault(Table, id));
}
