using Hangfire;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Everything that the host needs from a kind of database. Each kind has one small class. No feature knows which kind
/// is in use.
/// </summary>
internal abstract class DatabaseEngine : IAsyncDisposable
{
    public abstract IRatingStore Ratings { get; }
    public abstract IWriteGate Writes { get; }
    public abstract IReadSnapshot Snapshots { get; }
    public abstract ILedgerReader Ledger { get; }

    /// <summary>
    /// True for a database server. Several nodes can share it, so keys and jobs are stored in it, and only
    /// <c>migrate</c> changes its schema. A database file has one node, and most commands migrate it.
    /// </summary>
    public bool IsServer => File is null;

    /// <summary>Creates the storage for Hangfire's jobs. The caller must dispose of it.</summary>
    public abstract JobStorage NewJobStorage();

    public abstract void Use(DbContextOptionsBuilder options);

    public abstract Task MigrateAsync(ServiceEvalDb db, CancellationToken ct);

    /// <summary>
    /// Returns whether a migration is pending. If none is, no migration lock is taken, so that a killed process cannot
    /// leave one and nobody has to wait for one.
    /// </summary>
    protected static async Task<bool> IsBehindAsync(ServiceEvalDb db, CancellationToken ct) =>
        (await db.Database.GetPendingMigrationsAsync(ct)).Any();

    /// <summary>
    /// Returns one sentence why the database answers but cannot accept ratings; null if it can. Also prepares the
    /// database for the first rating.
    /// </summary>
    public virtual Task<string?> WhyUnfitAsync(CancellationToken ct) => Task.FromResult<string?>(null);

    /// <summary>
    /// Reads the ledger head on the connection that ratings use, if it differs from the connection of other reads.
    /// Throws if this fails.
    /// </summary>
    public virtual Task ProbeAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// Takes a lock that only one node can hold (an advisory lock). The database releases it when the session ends, for
    /// any reason. So a killed node leaves no lock behind, and no clock is involved.
    /// </summary>
    /// <returns>Null if another node holds the lock. Otherwise the lock, which is released when it is disposed of. A
    /// database file has only one node, so its lock is always free.</returns>
    public virtual Task<IAsyncDisposable?> TryTakeTurnAsync(string work, CancellationToken ct) =>
        Task.FromResult<IAsyncDisposable?>(new NobodyElse());

    /// <summary>
    /// Releases the locks on the list of jobs that a node took while its clock was ahead. They expire by the clock, so
    /// otherwise this can take years.
    /// </summary>
    public virtual Task FreeJobsAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>The database file; null for a server.</summary>
    public virtual DatabaseFile? File => null;

    /// <summary>Reads as <see cref="Snapshots"/> does, but never creates or changes anything.</summary>
    public virtual IReadSnapshot Inspection => Snapshots;

    /// <summary>
    /// The password with which nodes log in to a server. The password is not stored in the database. It is empty if
    /// there is none.
    /// </summary>
    public virtual string Password => "";

    /// <summary>
    /// The server's own backup commands, with real names and without a password; null for a database file.
    /// </summary>
    public virtual string? BackupCommands => null;

    /// <summary>
    /// Checks that the database is not damaged and is configured so that acknowledged ratings are durable.
    /// </summary>
    public abstract Task ExamineAsync(Findings findings, CancellationToken ct);

    /// <summary>
    /// Returns the time of the last backup that the server knows of. Returns null if there was none or the server does
    /// not record backups. Failed backups are added to the findings.
    /// </summary>
    public virtual Task<DateTimeOffset?> LastBackupAsync(Findings findings, CancellationToken ct) =>
        Task.FromResult<DateTimeOffset?>(null);

    public abstract ValueTask DisposeAsync();

    private sealed class NobodyElse : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
