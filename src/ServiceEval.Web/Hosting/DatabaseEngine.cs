using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Hosting;

/// <summary>What the host asks of a kind of database: one small file a kind, and no feature knows which it is.</summary>
internal abstract class DatabaseEngine : IAsyncDisposable
{
    public abstract IRatingStore Ratings { get; }
    public abstract IWriteGate Writes { get; }
    public abstract IReadSnapshot Snapshots { get; }
    public abstract ILedgerReader Ledger { get; }

    /// <summary>Whether every verb may bring the schema up to date; a server's has other nodes on it, and needs <c>migrate</c>.</summary>
    public abstract bool MigratesByItself { get; }

    public abstract void Use(DbContextOptionsBuilder options);

    public abstract Task MigrateAsync(ServiceEvalDb db, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
