using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Places;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Places;

/// <summary>
/// The current halls, windows, items and tags, in memory. The hot path and every page read them here. Another process,
/// such as the command line, may change them, so the version is checked every few seconds.
/// </summary>
public sealed class HallDirectory(IReadSnapshot snapshots)
{
    private volatile DirectorySnapshot _current = DirectorySnapshot.Empty;

    /// <summary>Raised after another version was read. A handler must return at once and do its work later.</summary>
    public event Action? Changed;

    public DirectorySnapshot Current => _current;

    /// <summary>Reads the whole directory again if the version has changed.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        if (await snapshots.ReadAsync(ReadAsync, ct) is not { } read)
            return;
        _current = read;
        Changed?.Invoke();
    }

    /// <summary>Reads the directory. Returns null if the version is the one in use.</summary>
    private async Task<DirectorySnapshot?> ReadAsync(ServiceEvalDb db, CancellationToken ct)
    {
        var installation = await db.Installation.AsNoTracking().SingleOrDefaultAsync(ct) ?? new Installation();
        if (installation.DirectoryVersion == _current.Version)
            return null;

        return new DirectorySnapshot(
            installation,
            await db.Regions.AsNoTracking().OrderBy(r => r.Id).ToListAsync(ct),
            await db.HallPlacements.AsNoTracking().OrderBy(p => p.HallId).ToListAsync(ct),
            await db.Halls.AsNoTracking().OrderBy(h => h.Id).ToListAsync(ct),
            await db.Windows.AsNoTracking().OrderBy(w => w.Id).ToListAsync(ct),
            await db.RevokedCodes.AsNoTracking().ToListAsync(ct),
            await db.ServiceItems.AsNoTracking().OrderBy(i => i.Id).ToListAsync(ct),
            await db.WindowItems.AsNoTracking().OrderBy(i => i.Rank).ToListAsync(ct),
            await db.Departments.AsNoTracking().OrderBy(d => d.Id).ToListAsync(ct),
            await db.Tags.AsNoTracking().OrderBy(t => t.Code).ToListAsync(ct)
        );
    }
}
