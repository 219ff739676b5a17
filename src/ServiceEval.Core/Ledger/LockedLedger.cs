using System.Data.Common;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.Core.Ledger;

/// <summary>What a database server read under the lock on the ledger head, for a batch to decide.</summary>
/// <param name="Keys">All keys that sign blocks, in the order of their ids.</param>
/// <param name="States">The ratings that the requests are about.</param>
/// <param name="BlockHashes">The hashes of the blocks that contain the stored ratings, by sequence.</param>
public sealed record LockedLedger(
    LedgerHead Head,
    IReadOnlyList<LedgerKey> Keys,
    IReadOnlyDictionary<Guid, RatingState> States,
    IReadOnlyDictionary<long, byte[]> BlockHashes
)
{
    /// <summary>
    /// Reads the three results after the head: the keys; the ratings, each with the hash of its block and its
    /// correction; the details.
    /// </summary>
    public static async Task<LockedLedger> ReadAsync(LedgerHead head, DbDataReader rows, ReaderRow row)
    {
        var keys = new List<LedgerKey>();
        await rows.NextResultAsync();
        while (await rows.ReadAsync())
            keys.Add(HotRows.Signers.Read(row));
        var (states, hashes) = (new Dictionary<Guid, RatingState>(), new Dictionary<long, byte[]>());
        await rows.NextResultAsync();
        while (await rows.ReadAsync())
            Add(row, states, hashes);
        await rows.NextResultAsync();
        while (await rows.ReadAsync())
        {
            var detail = HotRows.Details.Read(row);
            states.GetValueOrDefault(detail.RatingId)?.Add(detail);
        }
        return new LockedLedger(head, keys, states, hashes);
    }

    private static void Add(ReaderRow row, Dictionary<Guid, RatingState> states, Dictionary<long, byte[]> hashes)
    {
        var state = new RatingState(HotRows.Ratings.Read(row));
        var hash = HotRows.Ratings.Columns.Count;
        if (!row.IsNull(hash))
            hashes[state.Rating.Block] = row.Bytes(hash, 32);
        if (!row.IsNull(hash + 1))
            state.Correction = HotRows.Corrections.Read(row, first: hash + 1);
        states.Add(state.Rating.Id, state);
    }
}
