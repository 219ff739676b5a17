using Microsoft.EntityFrameworkCore;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Places;

/// <summary>
/// Checks the machine's time zone data, because a hall's current date and all figures by date depend on it.
/// </summary>
internal sealed class TimeZoneCheck(DatabaseEngine engine, TimeProvider time) : Check
{
    private const string Known = "Asia/Shanghai";
    private const string Remedy = "请安装系统的时区数据（Debian 的 tzdata）。";

    private static readonly TimeSpan KnownOffset = TimeSpan.FromHours(8);

    public override string Name => "timeZones";
    public override string Title => "时区";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        var known = Find(Known);
        if (known is null)
            findings.Fault($"系统没有时区 {Known}", Remedy);
        else if (known.GetUtcOffset(time.GetUtcNow()) is var offset && offset != KnownOffset)
            findings.Fault($"系统的时区 {Known} 相差 {offset}，应为 +08:00", Remedy);

        var halls = await engine.Inspection.ReadAsync(
            (db, token) => db.Halls.Select(h => new { h.Code, h.TimeZone }).ToListAsync(token),
            ct
        );
        foreach (var hall in halls.Where(h => Find(h.TimeZone) is null))
            findings.Fault(
                $"大厅 {hall.Code} 的时区“{hall.TimeZone}”无法识别",
                $"请安装系统的时区数据，或把它改正为 {Known} 这样的名称。"
            );
        if (findings.Worst == FindingState.Ok)
            findings.Ok($"{Known} 为 +08:00，{halls.Count} 个大厅的时区都能识别");
    }

    private static TimeZoneInfo? Find(string id) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;
}
