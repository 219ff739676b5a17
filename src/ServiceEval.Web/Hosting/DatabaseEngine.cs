using Hangfire;
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

    /// <summary>
    /// Any number of nodes may serve on it, so keys and jobs are kept in it, and only <c>migrate</c> changes its schema; on a
    /// file there is one, and every verb brings the schema up to date.
    /// </summary>
    public abstract bool IsServer { get; }

    /// <summary>Where Hangfire keeps its list. Whoever asked owns it.</summary>
    public abstract JobStorage NewJobStorage();

    public abstract void Use(DbContextOptionsBuilder options);

    public abstract Task MigrateAsync(ServiceEvalDb db, CancellationToken ct);

    public abstract ValueTask DisposeAsync();
}
