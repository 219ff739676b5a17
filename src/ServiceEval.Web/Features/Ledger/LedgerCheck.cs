using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>Checks the end of the ledger and the last 100 kept heads. Only <c>verify</c> checks the rest.</summary>
internal sealed class LedgerCheck(DatabaseEngine engine, IOptions<ServiceEvalOptions> options) : Check
{
    private const int Heads = 100;
    private const string Remedy = "请运行 verify 查明，保留数据库文件，并与备份比对。";

    public override string Name => "ledger";
    public override string Title => "账本";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        // The heads are read before the ledger. Otherwise a head that is kept in between would name a block that was
        // not read.
        var kept = (await KeptHeads.ReadOwnAsync(HeadsLog.PathIn(options.Value.DataPath), ct))
            .Heads.TakeLast(Heads)
            .ToList();
        var sequences = kept.ConvertAll(h => h.Sequence);
        var (end, blocks) = await engine.Inspection.ReadAsync(
            async (db, token) =>
                (
                    await LedgerEnd.ReadAsync(db, token),
                    // Only these two columns are selected, because the database of an earlier program lacks some of the
                    // others.
                    (
                        await db
                            .LedgerBlocks.Where(b => sequences.Contains(b.Sequence))
                            .Select(b => new { b.Sequence, b.Hash })
                            .ToListAsync(token)
                    ).ToDictionary(b => b.Sequence, b => b.Hash)
                ),
            ct
        );

        if (end.Complaint is { } complaint)
            findings.Fault(complaint, Remedy);
        if (
            kept.Find(h => !blocks.TryGetValue(h.Sequence, out var hash) || !hash.AsSpan().SequenceEqual(h.Hash)) is
            { } odd
        )
            findings.Fault(
                $"heads.log 留存的链头（区块 {odd.Sequence}）与账本不符：数据库被换成了旧的，或被改写",
                Remedy
            );
        if (findings.Worst == FindingState.Ok)
            findings.Ok(
                (end.Sequence, kept.Count) switch
                {
                    (0, _) => "还没有区块，收到第一条评价后开始",
                    (_, 0) => $"止于区块 {end.Sequence}，heads.log 里还没有链头记录，服务运行时每分钟写入一次",
                    var (sequence, heads) => $"止于区块 {sequence}，与 heads.log 最近 {heads} 个链头一致",
                }
            );
    }
}
