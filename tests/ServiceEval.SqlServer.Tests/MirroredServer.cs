using Hangfire;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Hosting;

namespace ServiceEval.SqlServer.Tests;

/// <summary>Presents the mirrored file as a server. Checks of the database use the mirrored contexts.</summary>
internal sealed class MirroredServer(DatabaseEngine file, IReadSnapshot snapshots) : DatabaseEngine
{
    public override IRatingStore Ratings => file.Ratings;
    public override IWriteGate Writes => file.Writes;
    public override IReadSnapshot Snapshots => snapshots;
    public override ILedgerReader Ledger => file.Ledger;
    public override string BackupCommands => "BACKUP DATABASE";

    public override JobStorage NewJobStorage() => file.NewJobStorage();

    public override void Use(DbContextOptionsBuilder options) => file.Use(options);

    public override Task MigrateAsync(ServiceEvalDb db, CancellationToken ct) => file.MigrateAsync(db, ct);

    public override Task ExamineAsync(Findings findings, CancellationToken ct) => Task.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
