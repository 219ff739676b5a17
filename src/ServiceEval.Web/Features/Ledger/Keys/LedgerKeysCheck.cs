using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Ledger;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>
/// Checks that this node's signing key exists, is known to the ledger, and cannot be read by other accounts.
/// </summary>
internal sealed class LedgerKeysCheck(DatabaseEngine engine, LedgerKeyFile file, OwnAdmissions admissions) : Check
{
    public override string Name => "ledgerKey";
    public override string Title => "账本密钥";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        IReadOnlyList<SigningKey> ring;
        try
        {
            ring = file.Load();
        }
        catch (OperatorException e)
        {
            findings.Fault(e.Message);
            return;
        }
        if (!file.IsMissing)
            OwnerFile.Examine(findings, file.Path);
        var (keys, lost) = await engine.Inspection.ReadAsync(
            async (db, token) =>
                (
                    await db.LedgerKeys.AsNoTracking().OrderBy(k => k.Id).ToListAsync(token),
                    await admissions.LostAsync(db, token)
                ),
            ct
        );
        foreach (var key in lost)
            findings.Fault(
                key.Lost,
                "请运行 verify 查明，保留数据库文件，并与备份比对；如果是恢复了较早的备份，核对后运行 ledger accept。"
            );
        var own = LedgerKey.InForce(keys).FindLast(k => ring.Any(r => r.Fingerprint == k.Fingerprint));
        if (own is null && keys.Count > 0)
            ExamineStranger(findings, ring);
        if (engine is { IsServer: true, Password: "" })
            findings.Warning(
                "数据库的连接字符串里没有口令：能改写数据库的人也能让自己的账本密钥得到认可，只会在 verify 的密钥清单里看到",
                "请给数据库账号设口令，或让各节点用 ServiceEval__Ledger__KeyFile 共用一个密钥文件。"
            );
        if (findings.Worst == FindingState.Ok)
            findings.Ok(
                own is null
                    ? "账本还没有签名，收到下一条评价时开始"
                    : $"密钥 {own.Id}，指纹 {own.Fingerprint}，只有本账号可读"
            );
    }

    private void ExamineStranger(Findings findings, IReadOnlyList<SigningKey> ring)
    {
        if (!engine.IsServer)
            findings.Fault(ring.Count == 0 ? file.OnLost : file.OnForeign);
        else
            findings.Warning(
                "账本还没有认可本节点的密钥",
                "启动本节点时，运行中的其他节点会认可它；没有其他节点时，请运行 ledger renew。"
            );
    }
}
