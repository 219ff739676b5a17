using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>
/// Notes in this node's key file which blocks admitted its keys, and finds the notes that a ledger contradicts. A
/// person who takes the first key and all that it signed out of a database can't reach this file.
/// </summary>
internal sealed class OwnAdmissions(LedgerKeyFile file)
{
    private readonly ProvenKeys _proven = new();

    /// <summary>What the ledger does not have of what the file notes.</summary>
    /// <exception cref="StartException">The file is damaged or can't be read.</exception>
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

    /// <param name="trusted">Fingerprints known from elsewhere than the database and the key file.</param>
    /// <returns>All keys that the ledger proves.</returns>
    public async Task<IReadOnlyList<KeyAdmission>> ProvenAsync(
        ServiceEvalDb db,
        IEnumerable<string> trusted,
        CancellationToken ct
    )
    {
        HashSet<string> known = [.. trusted];
        try
        {
            // While nothing is known from elsewhere, a ledger's first key is taken as it is, and need not be this
            // node's.
            if (known.Count > 0 || file.Admissions().Count > 0)
                known.UnionWith(file.Load().Select(k => k.Fingerprint));
        }
        catch (StartException)
        {
            // Noting tells it.
        }
        return await _proven.ReadAsync(db, known, ct);
    }

    /// <summary>Notes where this node's keys were admitted, as far as there is no note yet.</summary>
    /// <exception cref="StartException">The file is damaged, or can't be read or written.</exception>
    public async Task NoteAsync(IReadOnlyList<KeyAdmission> proven, CancellationToken ct)
    {
        var (own, noted) = (file.Load(), file.Admissions());
        var fresh = proven
            .Where(p => own.Any(k => p.IsOf(k.PublicKey)) && !noted.Any(n => n.IsOf(p.PublicKey)))
            .ToList();
        if (fresh.Count > 0)
            await file.NoteAsync(fresh, ct);
    }

    /// <summary>An operator knows why they are lost.</summary>
    public Task ForgetAsync(IReadOnlyList<KeyAdmission> lost, CancellationToken ct) => file.ForgetAsync(lost, ct);
}
