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
    public bool IsServer => File is null;

    /// <summary>Where Hangfire keeps its list. Whoever asked owns it.</summary>
    public abstract JobStorage NewJobStorage();

    public abstract void Use(DbContextOptionsBuilder options);

    public abstract Task MigrateAsync(ServiceEvalDb db, CancellationToken ct);

    /// <summary>Looks, before it is used, whether it is the engine that this class was written for, and makes it ready for the first rating.</summary>
    /// <exception cref="StartException">It is another engine.</exception>
    public virtual Task ProveAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Null for a server.</summary>
    public virtual DatabaseFile? File => null;

    /// <summary>Reads as <see cref="Snapshots"/> do, and neither makes nor changes anything.</summary>
    public virtual IReadSnapshot Inspection => Snapshots;

    /// <summary>A server's own commands that back it up, with its real names and without a password; null for a file.</summary>
    public virtual string? BackupCommands => null;

    /// <summary>Looks whether it is sound and set so that what is acknowledged stays.</summary>
    public abstract Task ExamineAsync(Findings findings, CancellationToken ct);

    /// <summary>When the server last heard of a backup of itself; null if never, or if it can't tell. What failed is found.</summary>
    public virtual Task<DateTimeOffset?> LastBackupAsync(Findings findings, CancellationToken ct) => Task.FromResult<DateTimeOffset?>(null);

    public abstract ValueTask DisposeAsync();
}
