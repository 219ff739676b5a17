using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>
/// Notes in this node's key file which blocks admitted its keys, and finds the notes that a ledger contradicts. A
/// person who removes the first key and all blocks that it signed from a database cannot change this file.
/// </summary>
internal sealed class OwnAdmissions(LedgerKeyFile file)
{
    private readonly ProvenKeys _proven = new();

    /// <summary>Returns the noted admissions that the ledger does not have.</summary>
    /// <exception cref="OperatorException">The file is damaged or cannot be read.</exception>
    public async Task<IReadOnlyList<KeyAdmission>> LostAsync(ServiceEvalDb db, CancellationToken ct)
    {
        var lost = new List<KeyAdmission>();
        foreach (var noted in file.Admissions())
        {
            var (sequence, hash, key) = (noted.Block.Sequence, noted.Block.Hash, noted.PublicKey);
            var isThere =
                await db.LedgerBlocks.AnyAsync(b => b.Sequence == sequence && b.Hash == hash, ct)
                && await db.LedgerKeys.AnyAsync(k => k.Block == sequence && k.PublicKey == key, ct);
            if (!isThere)
                lost.Add(noted);
        }
        return lost;
    }

    /// <param name="noted">The fingerprints in heads.log. They are known from outside the database and the key
    /// file.</param>
    /// <returns>All keys that the ledger proves.</returns>
    public async Task<IReadOnlyList<KeyAdmission>> ProvenAsync(
        ServiceEvalDb db,
        IReadOnlySet<string> noted,
        CancellationToken ct
    )
    {
        HashSet<string> known = [.. noted];
        try
        {
            // As long as nothing is known from elsewhere, a ledger's first key is trusted, and it may be the key of
            // another node.
            if (known.Count > 0 || file.Admissions().Count > 0)
                known.UnionWith(file.Load().Select(k => k.Fingerprint));
        }
        catch (OperatorException)
        {
            // NoteAsync reports this fault.
        }
        return await _proven.ReadAsync(db, noted, known, ct);
    }

    /// <summary>Notes where this node's keys were admitted, if there is no note yet.</summary>
    /// <exception cref="OperatorException">The file is damaged, or cannot be read or written.</exception>
    public async Task NoteAsync(IReadOnlyList<KeyAdmission> proven, CancellationToken ct)
    {
        var (own, noted) = (file.Load(), file.Admissions());
        var fresh = proven
            .Where(p => own.Any(k => p.IsOf(k.PublicKey)) && !noted.Any(n => n.IsOf(p.PublicKey)))
            .ToList();
        if (fresh.Count > 0)
            await file.NoteAsync(fresh, ct);
    }

    /// <summary>Removes the notes of lost admissions. The operator knows why they are lost.</summary>
    public Task ForgetAsync(IReadOnlyList<KeyAdmission> lost, CancellationToken ct) => file.ForgetAsync(lost, ct);
}
