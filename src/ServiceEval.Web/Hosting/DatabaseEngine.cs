using Hangfire;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// What the host asks of a kind of database: one small file a kind, and no feature knows which it is.
/// </summary>
internal abstract class DatabaseEngine : IAsyncDisposable
{
    public abstract IRatingStore Ratings { get; }
    public abstract IWriteGate Writes { get; }
    public abstract IReadSnapshot Snapshots { get; }
    public abstract ILedgerReader Ledger { get; }

    /// <summary>
    /// Any number of nodes may serve on it, so keys and jobs are kept in it, and only <c>migrate</c> changes its
    /// schema; on a file there is one, and every verb brings the schema up to date.
    /// </summary>
    public bool IsServer => File is null;

    /// <summary>Where Hangfire keeps its list. Whoever asked owns it.</summary>
    public abstract JobStorage NewJobStorage();

    public abstract void Use(DbContextOptionsBuilder options);

    public abstract Task MigrateAsync(ServiceEvalDb db, CancellationToken ct);

    /// <summary>
    /// Where nothing is to be migrated, no lock is taken: there is none to be left behind, and none to wait for.
    /// </summary>
    protected static async Task<bool> IsBehindAsync(ServiceEvalDb db, CancellationToken ct) =>
        (await db.Database.GetPendingMigrationsAsync(ct)).Any();

    /// <summary>
    /// One sentence on why it can't take ratings though it answers; null if it can. Also makes it ready for the first
    /// rating.
    /// </summary>
    public virtual Task<string?> WhyUnfitAsync(CancellationToken ct) => Task.FromResult<string?>(null);

    /// <summary>
    /// Throws unless the ledger head can be read the way a rating goes, where that is another than other reads go.
    /// </summary>
    public virtual Task ProbeAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// What one node at a time may do. The database frees it with the session, however that ends, so it is no row that
    /// a killed node leaves behind and no clock's matter.
    /// </summary>
    /// <returns>Null if another node is at it; otherwise it ends when it is disposed of. A file has one node.</returns>
    public virtual Task<IAsyncDisposable?> TryTakeTurnAsync(string work, CancellationToken ct) =>
        Task.FromResult<IAsyncDisposable?>(new NobodyElse());

    /// <summary>
    /// Frees what a node whose clock was ahead holds in the list of jobs: by the clock it would be freed years from
    /// now.
    /// </summary>
    public virtual Task FreeJobsAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Null for a server.</summary>
    public virtual DatabaseFile? File => null;

    /// <summary>Reads as <see cref="Snapshots"/> do, and neither makes nor changes anything.</summary>
    public virtual IReadSnapshot Inspection => Snapshots;

    /// <summary>
    /// By which nodes log in to a server, and which is not in its database; empty where there is none.
    /// </summary>
    public virtual string Password => "";

    /// <summary>
    /// A server's own commands that back it up, with its real names and without a password; null for a file.
    /// </summary>
    public virtual string? BackupCommands => null;

    /// <summary>Looks whether it is sound and set so that what is acknowledged stays.</summary>
    public abstract Task ExamineAsync(Findings findings, CancellationToken ct);

    /// <summary>
    /// When the server last heard of a backup of itself; null if never, or if it can't tell. What failed is found.
    /// </summary>
    public virtual Task<DateTimeOffset?> LastBackupAsync(Findings findings, CancellationToken ct) =>
        Task.FromResult<DateTimeOffset?>(null);

    public abstract ValueTask DisposeAsync();

    private sealed class NobodyElse : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
