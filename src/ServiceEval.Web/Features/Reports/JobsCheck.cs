using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Exchange;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Places;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Mail;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// Checks the rows that the jobs work on. If a job lags, its rows show it: a week without its report, or a mail that
/// was not sent.
/// </summary>
internal sealed class JobsCheck(DatabaseEngine engine, IOptions<MailOptions> mail, TimeProvider time) : Check
{
    // The report sweep runs every hour, the mail sweep every minute.
    private static readonly TimeSpan ReportPatience = TimeSpan.FromHours(2);
    private static readonly TimeSpan MailPatience = TimeSpan.FromHours(1);

    private const int MostNamed = 5;

    public override string Name => "jobs";
    public override string Title => "定时任务";

    public override Task ExamineAsync(Findings findings, CancellationToken ct) =>
        engine.Inspection.ReadAsync(
            async (db, token) =>
            {
                var now = time.GetUtcNow();
                await ExamineReportsAsync(findings, db, now, token);
                if (mail.Value.IsOn)
                    await ExamineMailsAsync(findings, db, now, token);
                if (findings.Worst == FindingState.Ok)
                    findings.Ok("周报和邮件没有积压");
                return true;
            },
            ct
        );

    private static async Task ExamineReportsAsync(
        Findings findings,
        ServiceEvalDb db,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        // An unknown time zone is reported by TimeZoneCheck.
        var zones = (await db.Halls.Select(h => h.TimeZone).Distinct().ToListAsync(ct))
            .Select(id => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null)
            .OfType<TimeZoneInfo>()
            .ToList();
        var first = await db
            .TalliesByHour.OrderBy(t => t.LocalDate)
            .Select(t => (DateOnly?)t.LocalDate)
            .FirstOrDefaultAsync(ct);
        if (zones.Count == 0 || await ProvenTime.NowAsync(db, now, ct) is not { } reached)
            return;
        var week = IsoWeek
            .Of(zones.Max(zone => IsoWeek.Of(now, zone).Monday))
            .Backwards()
            .First(w => zones.TrueForAll(zone => now >= w.CompleteFrom(zone) + ReportPatience));
        await ExamineFrozenAsync(
            findings,
            db,
            [.. week.Backwards().Take(Report.SweptWeeks).Select(w => w.ToString())],
            ct
        );
        // No report is compiled for a week after the time that the ledger proves.
        if (first > week.Sunday || week.Monday > zones.Max(zone => IsoWeek.Of(reached, zone).Monday))
            return;
        var missing = await MissingAsync(db, week, ct);
        if (missing.Count == 0)
            return;
        if (await RunningImport.Alive(db.RunningImports, now).AnyAsync(ct))
            findings.Warning($"{week} 的周报在等导入历史评价结束", "导入结束后一小时内会自动编制。");
        else
            findings.Fault(
                $"{week} 的周报还没有编成{Named(missing)}",
                "请确认服务在运行；如果在运行，请查看日志中 ReportSweep 的错误。"
            );
    }

    /// <summary>
    /// Returns the scopes without a report of the week. A report is expected for the root and for each hall that has
    /// ratings in the week.
    /// </summary>
    private static async Task<List<string>> MissingAsync(ServiceEvalDb db, IsoWeek week, CancellationToken ct)
    {
        var (code, from, to) = (week.ToString(), week.Monday, week.Sunday);
        var rated = db.TalliesByHour.Where(t => t.LocalDate >= from && t.LocalDate <= to).Select(t => t.WindowId);
        var halls = db.Windows.Where(w => rated.Contains(w.Id)).Select(w => w.HallId);
        var expected = await db.Halls.Where(h => halls.Contains(h.Id)).Select(h => h.Code).ToListAsync(ct);
        var compiled = await db.Reports.Where(r => r.Week == code).Select(r => r.Scope).Distinct().ToListAsync(ct);
        var root = await db.Regions.Where(r => r.Id == Region.RootId).Select(r => r.Code).SingleAsync(ct);
        // A week that was compiled before the root had a code has the alias.
        if (compiled.Contains(Region.RootAlias))
            compiled.Add(root);
        return [.. expected.Order(StringComparer.Ordinal).Prepend(root).Except(compiled)];
    }

    /// <summary>
    /// Checks that recent reports are as they were frozen. If a report was altered, no next version can state what has
    /// changed since.
    /// </summary>
    private static async Task ExamineFrozenAsync(
        Findings findings,
        ServiceEvalDb db,
        List<string> weeks,
        CancellationToken ct
    )
    {
        var damaged = new List<string>();
        await foreach (
            var report in db
                .Reports.AsNoTracking()
                .Where(r => weeks.Contains(r.Week))
                .AsAsyncEnumerable()
                .WithCancellation(ct)
        )
            if (!report.IsAsFrozen())
                damaged.Add(report.Id);
        if (damaged.Count > 0)
            findings.Fault(
                $"{damaged.Count} 份周报与编成时不符{Named(damaged)}",
                "请运行 verify 查明，保留数据库文件，并从备份取回这些周报。"
            );
    }

    private static string Named(IReadOnlyCollection<string> names) =>
        $"（{string.Join('、', names.Take(MostNamed))}{(names.Count > MostNamed ? $" 等 {names.Count} 份" : "")}）";

    private static async Task ExamineMailsAsync(
        Findings findings,
        ServiceEvalDb db,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var before = now - MailPatience;
        var after = now + MailBackOff.Longest;
        var stuck = await db.ReportMails.CountAsync(
            m => (m.State == MailState.Due || m.State == MailState.Sending) && (m.At < before || m.At > after),
            ct
        );
        if (stuck > 0)
            findings.Fault(
                $"{stuck} 封周报邮件过了一小时还没有发出",
                "请确认服务在运行，并查看日志中 ReportMailSweep 的错误。"
            );
        var lately = now - TimeSpan.FromDays(14);
        var refused = await db.ReportMails.CountAsync(m => m.State == MailState.Refused && m.At > lately, ct);
        if (refused > 0)
            findings.Warning(
                $"近两周有 {refused} 封周报邮件没有送达",
                "原因列在 /reports，请据此更正收件人或邮件服务器的设置。"
            );
    }
}
