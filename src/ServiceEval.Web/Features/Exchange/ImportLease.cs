using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Exchange;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>The row by which others know that an import runs, from its first commit to its end.</summary>
internal sealed class ImportLease(IWriteGate gate, TimeProvider time, string source)
{
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(15);

    private readonly RunningImport _import = new() { Id = Guid.CreateVersion7(), Source = source };

    private long? _renewed;

    /// <summary>Begins it, or renews it when that is due.</summary>
    public async Task RenewAsync(CancellationToken ct)
    {
        // Not by the clock, which may be set back meanwhile: it would not be renewed until then.
        if (_renewed is { } last && time.GetElapsedTime(last) < BetweenRenewals)
            return;
        var (before, began) = (_import.RenewedAt, time.GetTimestamp());
        _import.RenewedAt = time.GetUtcNow().ToMilliseconds();
        try
        {
            await gate.WriteAsync(
                async (db, token) =>
                {
                    db.Entry(_import).State = before == default ? EntityState.Added : EntityState.Modified;
                    return await db.SaveChangesAsync(token);
                },
                ct
            );
            _renewed = began;
        }
        catch
        {
            _import.RenewedAt = before;
            throw;
        }
    }

    public Task EndAsync() =>
        gate.WriteAsync(
            (db, ct) => db.RunningImports.Where(i => i.Id == _import.Id).ExecuteDeleteAsync(ct),
            CancellationToken.None
        );
}
