using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Exchange;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>The row that tells other processes that an import is running, from its first commit to its end.</summary>
internal sealed class ImportLease(IWriteGate gate, TimeProvider time, string source)
{
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(15);

    private readonly RunningImport _import = new() { Id = Guid.CreateVersion7(), Source = source };

    private long? _renewed;

    /// <summary>Begins the lease, or renews it if the renewal is due.</summary>
    public async Task RenewAsync(CancellationToken ct)
    {
        // The interval is measured by elapsed time. If the system clock were set back, the lease would not be renewed
        // until that clock had caught up.
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
