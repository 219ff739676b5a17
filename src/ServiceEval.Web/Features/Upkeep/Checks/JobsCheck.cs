using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Exchange;
using ServiceEval.Data.Halls;
using ServiceEval.Data.Reports;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Upkeep.Checks;

/// <summary>Jobs only sweep rows, so that they lag is seen in the rows: a week without its report, a mail that nobody sent.</summary>
internal sealed class JobsCheck(DatabaseEngine engine, IOptions<MailOptions> mail, TimeProvider time) : Check
{
    // The sweeps are hourly and, for mails, every minute.
    private static readonly TimeSpan ReportPatience = TimeSpan.FromHours(2);
    private static readonly TimeSpan MailPatience = TimeSpan.FromHours(1);

    public override string Name => "jobs";
    public override string Title => "定时任务";

    public override Task ExamineAsync(Findings findings, CancellationToken ct) => engine.Inspection.ReadAsync(async (db, token) =>
    {
        var now = time.GetUtcNow();
        await ExamineReportsAsync(findings, db, now, token);
        if (mail.Value.IsOn) await ExamineMailsAsync(findings, db, now, token);
        if (findings.Worst == FindingState.Ok) findings.Ok("周报和邮件没有积压");
        return true;
    }, ct);

    private static async Task ExamineReportsAsync(Findings findings, ServiceEvalDb db, DateTimeOffset now, CancellationToken ct)
    {
        // One that nobody knows is another check's.
        var zones = (await db.Halls.Select(h => h.TimeZone).Distinct().ToListAsync(ct))
            .Select(id => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null).OfType<TimeZoneInfo>().ToList();
        if (zones.Count == 0 || await db.TalliesByHour.OrderBy(t => t.LocalDate).Select(t => (DateOnly?)t.LocalDate).FirstOrDefaultAsync(ct) is not { } first) return;
        var week = IsoWeek.Of(zones.Max(zone => IsoWeek.Of(now, zone).Monday)).Backwards().First(w => zones.TrueForAll(zone => now >= w.CompleteFrom(zone) + ReportPatience));
        var (code, sunday) = (week.ToString(), week.Sunday);
        if (first > sunday || await db.Reports.AnyAsync(r => r.Scope == Hall.CountyScope && r.Week == code, ct)) return;
        var alive = now - RunningImport.Patience;
        if (await db.RunningImports.AnyAsync(i => i.RenewedAt > alive, ct)) findings.Warning($"{code} 的周报在等导入历史评价结束", "导入结束后一小时内会自动编制。");
        else findings.Fault($"{code} 的周报还没有编成", "请确认服务在运行；如果在运行，请查看日志中 ReportSweep 的错误。");
    }

    private static async Task ExamineMailsAsync(Findings findings, ServiceEvalDb db, DateTimeOffset now, CancellationToken ct)
    {
        var before = now - MailPatience;
        var stuck = await db.ReportMails.CountAsync(m => (m.State == MailState.Due || m.State == MailState.Sending) && m.At < before, ct);
        if (stuck > 0) findings.Fault($"{stuck} 封周报邮件过了一小时还没有发出", "请确认服务在运行，并查看日志中 ReportMailSweep 的错误。");
        var lately = now - TimeSpan.FromDays(14);
        var refused = await db.ReportMails.CountAsync(m => m.State == MailState.Refused && m.At > lately, ct);
        if (refused > 0) findings.Warning($"近两周有 {refused} 封周报邮件没有送达", "原因列在 /reports，请据此更正收件人或邮件服务器的设置。");
    }
}
