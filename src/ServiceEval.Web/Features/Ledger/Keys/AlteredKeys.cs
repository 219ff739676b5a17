using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>
/// Finds the key whose row was altered together with its leaf. If a public key was exchanged, the signatures of its
/// blocks no longer fit. The possible values of the other columns are few, so they are tried until one gives the root
/// of the block.
/// </summary>
internal static class AlteredKeys
{
    /// <summary>The number of other keys whose names and ids are tried.</summary>
    private const int Most = 20;

    /// <param name="rows">One row for each place of the block.</param>
    /// <param name="hashesLeft">The number of hashes that may be spent on trying.</param>
    /// <returns>The entry of the altered key; null if no row of a key is proven to be altered.</returns>
    public static SuspectEntry? Find(
        LedgerBlock block,
        IReadOnlyList<SuspectEntry> rows,
        BlockSignatures signatures,
        ref long hashesLeft
    )
    {
        var keys = rows.Where(r => r.Key is not null).ToList();
        if (keys.Find(r => signatures.IsContradicted(r.Key!)) is { } exchanged)
            return exchanged;
        if (!rows.All(r => r.Kept is not null))
            return null;
        var leaves = rows.OrderBy(r => r.Index).Select(r => r.Kept!).ToArray();
        foreach (var row in keys)
        {
            foreach (var leaf in Versions(row.Key!, block, signatures))
            {
                if ((hashesLeft -= leaves.Length) < 0)
                    return null;
                leaves[row.Index] = leaf;
                if (MerkleTree.Root(leaves).AsSpan().SequenceEqual(block.Root))
                    return row;
            }
            leaves[row.Index] = row.Kept!;
        }
        return null;
    }

    /// <summary>Returns the leaves that the row may have had.</summary>
    private static IEnumerable<byte[]> Versions(LedgerKey key, LedgerBlock block, BlockSignatures signatures)
    {
        IEnumerable<string> known =
        [
            key.Name,
            Environment.MachineName,
            .. signatures.Keys.Take(Most).Select(k => k.Name),
        ];
        IEnumerable<int> others = [key.Replaces, 0, LedgerKey.Every, .. signatures.Keys.Take(Most).Select(k => k.Id)];
        var (names, replaced) = (known.Distinct(StringComparer.Ordinal).ToList(), others.Distinct().ToList());
        int[] ids = signatures.MissingKey is { } missing ? [key.Id, missing] : [key.Id];
        return from name in names
            from replaces in replaced
            from id in ids
            from at in (DateTimeOffset[])[key.AdmittedAt, block.CommittedAt]
            select LedgerKey.Of(id, key.PublicKey, name, replaces, at).Leaf;
    }
}
