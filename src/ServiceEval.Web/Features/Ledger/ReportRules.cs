using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Places;
using ServiceEval.Core.Reports;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Compares frozen reports with their hashes and with each other. Their versions count up from 1. A later version never
/// saw a shorter ledger. No report was compiled before its week was over. Every mailed report exists. The sweep
/// compiles the weeks of the whole installation in their order. So a week cannot be missing between two others, and it
/// cannot be compiled later than the week after it.
/// </summary>
/// <param name="rootCode">The code of the root now. Its earlier reports can have the alias.</param>
internal sealed class ReportRules(IReadOnlyDictionary<ReportId, DateTimeOffset?> mailed, string rootCode)
{
    private const string Table = "Reports";

    /// <summary>The most reports that are checked. A province has fewer in a hundred years.</summary>
    private const int Most = 200_000;

    /// <summary>In the first time zone on earth, a day begins 14 hours before it begins in UTC.</summary>
    private static readonly TimeSpan FirstZone = TimeSpan.FromHours(14);

    private readonly HashSet<ReportId> _mailedAndThere = [];
    private readonly List<Report> _ofRoot = [];
    private Report? _before;
    private int _count;

    public FaultList Faults { get; } = new();
    public List<Anchor> Heads { get; } = [];
    public ReportedTotals Totals { get; } = new();

    /// <summary>Takes the next report. Reports come in the order of scope, week and version.</summary>
    public void Take(Stored<Report> stored)
    {
        if (++_count > Most)
        {
            if (_count == Most + 1)
                Faults.Add(Laws.TooMany.Fault(Table, null));
            return;
        }
        var report = stored.Row;
        var isAsFrozen = stored.Legible && report.IsAsFrozen();
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
        // The root's reports can have two scopes, so they are put in order at the end.
        if (report.Scope == rootCode || report.Scope == Region.RootAlias)
            _ofRoot.Add(Bare(report));
        else
            JudgeVersion(report, _before);
        if (report.CompiledAt < Start(week.Next) - FirstZone)
            Break(Laws.ReportWeek, report.Id);
        var id = new ReportId(report.Scope, report.Week, report.Version);
        if (mailed.TryGetValue(id, out var sentAt))
        {
            _mailedAndThere.Add(id);
            if (report.CompiledAt - sentAt > CommitTime.SetBack)
                Break(Laws.ReportMailed, report.Id);
        }
        _before = Bare(report);
    }

    /// <summary>Ends the checks after the last report.</summary>
    public void End()
    {
        foreach (var gone in mailed.Keys.Where(id => !_mailedAndThere.Contains(id)))
            Break(Laws.ReportMailed, gone.ToString());
        _ofRoot.Sort((a, b) => (a.Week, a.Version).CompareTo((b.Week, b.Version)));
        Report? before = null;
        foreach (var report in _ofRoot)
        {
            JudgeVersion(report, before is null ? null : Bare(before, report.Scope));
            before = report;
        }
        List<Report> first = [.. _ofRoot.Where(r => r.Version == 1)];
        for (var i = 0; i + 1 < first.Count; i++)
            JudgeWeeks(first[i], first[i + 1], i + 2 < first.Count ? first[i + 2] : null);
    }

    private void JudgeVersion(Report report, Report? last)
    {
        var earlier = last is { } before && before.Scope == report.Scope && before.Week == report.Week ? before : null;
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
    /// Judges three reports in a row. If the first report existed and the sweep compiled the third, the second was due
    /// before the third.
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

    /// <summary>
    /// Returns whether the report was compiled so early that the sweep still covered the week before.
    /// </summary>
    private static bool IsOfTheSweep(Report report, IsoWeek week) =>
        report.CompiledAt < Start(week.Next).AddDays(7 * (Report.SweptWeeks - 1));

    private static DateTimeOffset Start(IsoWeek week) => new(week.Monday, TimeOnly.MinValue, TimeSpan.Zero);

    private static Report Bare(Report report, string? scope = null) =>
        new()
        {
            Scope = scope ?? report.Scope,
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
