using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>Quick check of the ledger head against the last two blocks. Full verification reads every row.</summary>
/// <param name="Complaint">The reason why the head and the last block do not match; null if they match.</param>
internal sealed record LedgerEnd(long Sequence, byte[] Hash, DateTimeOffset? CommittedAt, string? Complaint)
{
    public static async Task<LedgerEnd> ReadAsync(ServiceEvalDb db, CancellationToken ct)
    {
        var head = await db.LedgerHead.AsNoTracking().SingleOrDefaultAsync(h => h.Id == LedgerHead.OnlyId, ct);
        // A database of an earlier program has no signatures, and it is backed up before it is upgraded. So they are
        // not read.
        var blocks = await db
            .LedgerBlocks.OrderByDescending(b => b.Sequence)
            .Take(2)
            .Select(b => new LedgerBlock
            {
                Sequence = b.Sequence,
                Algorithm = b.Algorithm,
                Root = b.Root,
                Count = b.Count,
                CommittedAt = b.CommittedAt,
                Hash = b.Hash,
            })
            .ToListAsync(ct);
        var last = blocks.FirstOrDefault();
        var (sequence, hash) = last is null ? (0, new byte[32]) : (last.Sequence, last.Hash);
        return new(
            sequence,
            hash,
            last?.CommittedAt,
            head switch
            {
                null => "账本头不见了",
                _ when head.Sequence != sequence || !head.Hash.AsSpan().SequenceEqual(hash) =>
                    $"账本头（区块 {head.Sequence}）与最后一个区块（{sequence}）不符",
                _ when last is not null && !IsSealed(last, blocks.ElementAtOrDefault(1)) =>
                    $"最后一个区块（{sequence}）与它的哈希不符",
                _ => null,
            }
        );
    }

    private static bool IsSealed(LedgerBlock last, LedgerBlock? previous)
    {
        if (last.Sequence != (previous?.Sequence ?? 0) + 1)
            return false;
        return LeafEncoding
            .BlockHash(last.Sequence, previous?.Hash ?? new byte[32], last.Root, last.Count, last.CommittedAt)
            .AsSpan()
            .SequenceEqual(last.Hash);
    }
}
