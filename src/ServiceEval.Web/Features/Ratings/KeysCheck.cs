using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Checks that the ticket keys exist, are complete, and cannot be read by other accounts. Anyone who has the keys can
/// forge ratings.
/// </summary>
internal sealed class KeysCheck(DatabaseEngine engine, TicketKeyStore keys, IOptions<ServiceEvalOptions> options)
    : Check
{
    public override string Name => "keys";
    public override string Title => "票据密钥";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        IReadOnlyList<TicketKey> ring;
        try
        {
            ExamineFiles(findings, Path.Combine(options.Value.DataPath, "keys"));
            ring = keys.Load();
        }
        catch (Exception e) when (e is OperatorException or IOException or UnauthorizedAccessException)
        {
            findings.Fault(
                e is OperatorException ? e.Message : $"密钥文件读不了：{FileFaults.Reason(e)}",
                e is UnauthorizedAccessException ? Findings.AsTheService : null
            );
            return;
        }
        var count = ring.Count;
        var needed = await engine.Inspection.ReadAsync(
            (db, token) => db.Ratings.AnyAsync(r => r.Tier != Tier.Imported, token),
            ct
        );
        if (!await ReceiptProbe.FitsAsync(engine.Inspection, ring, ct))
            findings.Fault(
                "票据密钥不是给出现有回执的密钥，群众手里的回执都查不到评价",
                "请从备份换回原来的密钥（表 TicketKeys 或 keys/ticket-keys.json），在此之前不要启动服务。"
            );
        if (count == 0 && needed)
            findings.Fault("已有评价，但没有票据密钥，此前的回执无法核对", "请从备份恢复，在此之前不要启动服务。");
        if (findings.Worst == FindingState.Ok)
            findings.Ok(
                count == 0 ? "还没有，第一次启动时生成"
                : engine.IsServer ? $"{count} 把，在数据库里"
                : $"{count} 把，只有本账号可读"
            );
    }

    private static void ExamineFiles(Findings findings, string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (
            var file in Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(f => !Path.GetFileName(f).StartsWith('.'))
        )
            OwnerFile.Examine(findings, file);
    }
}
