using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Nodes;

namespace ServiceEval.Web.Hosting.Nodes;

/// <summary>Lists the nodes that serve on this database and compares their clocks with this machine's clock.</summary>
internal sealed class NodesCheck(DatabaseEngine engine, TimeProvider time) : Check
{
    // Several heartbeats, plus the delay of a busy machine.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    public override string Name => "nodes";
    public override string Title => "节点";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        var nodes = await engine.Inspection.ReadAsync(
            (db, token) => db.Nodes.AsNoTracking().OrderBy(n => n.Id).ToListAsync(token),
            ct
        );
        var now = time.GetUtcNow();
        foreach (var node in nodes.Where(n => n.SeenAt - now > ClockTolerance))
            findings.Warning(
                $"节点 {Called(node)}的时钟比本机快 {(node.SeenAt - now).TotalSeconds:0} 秒",
                "请在每台服务器上开启时间同步（NTP）。"
            );
        foreach (var node in nodes.Where(n => now - n.SeenAt > Silence))
            findings.Warning(
                $"节点 {Called(node)}自 {node.SeenAt:u} 起没有心跳，且没有正常停止",
                "如果它应当在运行，请查看那台服务器上的服务状态和日志。"
            );
        var beating = nodes.Where(n => now - n.SeenAt <= Silence).ToList();
        if (findings.Worst == FindingState.Ok)
            findings.Ok(
                beating.Count == 0
                    ? "现在没有节点在运行"
                    : $"{beating.Count} 个在运行：{string.Join('、', beating.Select(Called)).TrimEnd()}"
            );
    }

    private static string Called(Node node) => NodeWatch.NameOf(node.Machine, node.ProcessId);
}
