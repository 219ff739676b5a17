using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Tallies;
using ServiceEval.Sqlite;

namespace ServiceEval.Tests.Ledger;

/// <summary>
/// Makes the forgeries of an attacker who knows the program and can write to its database: blocks with correct leaves,
/// roots, hashes and tallies, and a head that matches them.
/// </summary>
/// <param name="key">The ledger's first key if the attacker has it; null leaves the blocks unsigned.</param>
internal sealed class Forgery(string path, SigningKey? key = null)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Task AppendAsync(DateTimeOffset committedAt, params IReadOnlyList<ILedgerEntry> entries) =>
        WriteAsync(async db =>
        {
            var head = await db.LedgerHead.SingleAsync(Ct);
            var sequence = head.Sequence + 1;
            var tallies = new TallyChanges();
            foreach (var (index, entry) in entries.Index())
            {
                (entry.Block, entry.Index) = (sequence, index);
                db.Add(entry);
                await CountAsync(db, tallies, entry);
            }
            var block = LedgerBlock.Seal(
                new LedgerHead { Sequence = head.Sequence, Hash = head.Hash },
                [.. entries.Select(e => e.Leaf)],
                committedAt
            );
            db.Add(key is null ? block : block.SignedBy(1, key));
            (head.Sequence, head.Hash) = (block.Sequence, block.Hash);
            await AddAsync(db, tallies);
        });

    /// <summary>Appends blocks that claim <paramref name="count"/> entries each and have none.</summary>
    public Task AppendEmptyAsync(DateTimeOffset committedAt, int blocks, int count) =>
        WriteAsync(async db =>
        {
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            var head = await db.LedgerHead.SingleAsync(Ct);
            var (sequence, hash) = (head.Sequence, head.Hash);
            for (var i = 0; i < blocks; i++)
            {
                sequence++;
                var previous = hash;
                hash = LeafEncoding.BlockHash(sequence, previous, new byte[32], count, committedAt);
                db.Add(
                    new LedgerBlock
                    {
                        Sequence = sequence,
                        Algorithm = LeafEncoding.Sha256,
                        Root = new byte[32],
                        Count = count,
                        CommittedAt = committedAt,
                        Hash = hash,
                    }
                );
            }
            (head.Sequence, head.Hash) = (sequence, hash);
            db.ChangeTracker.DetectChanges();
        });

    public async Task WriteAsync(Func<ServiceEvalDb, Task> write)
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite($"Data Source={path};Pooling=False");
        await using var db = new ServiceEvalDb(options.Options);
        await write(db);
        await db.SaveChangesAsync(Ct);
    }

    public static Correction Correct(Guid rating, Grade replaced, Grade grade, DateTimeOffset at)
    {
        var correction = new Correction
        {
            RatingId = rating,
            ReplacedGrade = replaced,
            Grade = grade,
            CorrectedAt = at,
        };
        correction.Leaf = LeafEncoding.Of(correction);
        return correction;
    }

    private static async Task CountAsync(ServiceEvalDb db, TallyChanges tallies, ILedgerEntry entry)
    {
        if (entry is Rating given)
            tallies.Add(given);
        if (entry is Correction correction && await db.Ratings.FindAsync([correction.RatingId], Ct) is { } corrected)
        {
            var detail = await db.RatingDetails.FirstOrDefaultAsync(
                d => d.RatingId == correction.RatingId && d.Grade == correction.ReplacedGrade,
                Ct
            );
            tallies.Correct(corrected, correction, detail);
        }
        if (
            entry is RatingDetail added
            && await db.Ratings.FindAsync([added.RatingId], Ct) is { } rating
            && added.Grade == ((await db.Corrections.FindAsync([added.RatingId], Ct))?.Grade ?? rating.Grade)
        )
            tallies.Add(rating, added);
    }

    private static async Task AddAsync(ServiceEvalDb db, TallyChanges tallies)
    {
        foreach (var (k, counts) in tallies.Hours)
        {
            var tally =
                await db.TalliesByHour.FindAsync(
                    [k.LocalDate, k.LocalHour, k.WindowId, k.DepartmentId, k.Tier, k.Channel, k.Standing],
                    Ct
                )
                ?? db.Add(
                    new HourTally
                    {
                        LocalDate = k.LocalDate,
                        LocalHour = k.LocalHour,
                        WindowId = k.WindowId,
                        DepartmentId = k.DepartmentId,
                        Tier = k.Tier,
                        Channel = k.Channel,
                        Standing = k.Standing,
                    }
                ).Entity;
            tally.Add(counts);
        }
        foreach (var (k, counts) in tallies.Windows)
            (
                await db.TalliesByWindow.FindAsync([k.WindowId, k.Tier, k.Standing], Ct)
                ?? db.Add(
                    new WindowTally
                    {
                        WindowId = k.WindowId,
                        Tier = k.Tier,
                        Standing = k.Standing,
                    }
                ).Entity
            ).Add(counts);
        foreach (var (k, counts) in tallies.Items)
        {
            (
                await db.TalliesByItem.FindAsync(
                    [k.LocalDate, k.WindowId, k.ItemId, k.DepartmentId, k.Tier, k.Standing],
                    Ct
                )
                ?? db.Add(
                    new ItemTally
                    {
                        LocalDate = k.LocalDate,
                        WindowId = k.WindowId,
                        ItemId = k.ItemId,
                        DepartmentId = k.DepartmentId,
                        Tier = k.Tier,
                        Standing = k.Standing,
                    }
                ).Entity
            ).Add(counts);
        }
        foreach (var (k, count) in tallies.Tags)
        {
            var tag =
                await db.TalliesByTag.FindAsync([k.LocalDate, k.WindowId, k.TagCode, k.Standing], Ct)
                ?? db.Add(
                    new TagTally
                    {
                        LocalDate = k.LocalDate,
                        WindowId = k.WindowId,
                        TagCode = k.TagCode,
                        Standing = k.Standing,
                    }
                ).Entity;
            tag.Count += count;
        }
    }
}
