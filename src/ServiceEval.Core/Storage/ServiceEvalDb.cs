using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Boards;
using ServiceEval.Core.Exchange;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Nodes;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Storage;

public sealed class ServiceEvalDb(DbContextOptions<ServiceEvalDb> options)
    : DbContext(options),
        IDataProtectionKeyContext
{
    public DbSet<Installation> Installation => Set<Installation>();
    public DbSet<Region> Regions => Set<Region>();
    public DbSet<Hall> Halls => Set<Hall>();
    public DbSet<HallPlacement> HallPlacements => Set<HallPlacement>();
    public DbSet<Window> Windows => Set<Window>();
    public DbSet<RevokedCode> RevokedCodes => Set<RevokedCode>();
    public DbSet<WindowItem> WindowItems => Set<WindowItem>();
    public DbSet<Department> Departments => Set<Department>();
    public DbSet<ServiceItem> ServiceItems => Set<ServiceItem>();
    public DbSet<Tag> Tags => Set<Tag>();
    public DbSet<Rating> Ratings => Set<Rating>();
    public DbSet<Correction> Corrections => Set<Correction>();
    public DbSet<RatingDetail> RatingDetails => Set<RatingDetail>();
    public DbSet<DeviceMark> DeviceMarks => Set<DeviceMark>();
    public DbSet<HourTally> TalliesByHour => Set<HourTally>();
    public DbSet<ItemTally> TalliesByItem => Set<ItemTally>();
    public DbSet<WindowTally> TalliesByWindow => Set<WindowTally>();
    public DbSet<TagTally> TalliesByTag => Set<TagTally>();
    public DbSet<LedgerBlock> LedgerBlocks => Set<LedgerBlock>();
    public DbSet<LedgerHead> LedgerHead => Set<LedgerHead>();
    public DbSet<LedgerKey> LedgerKeys => Set<LedgerKey>();
    public DbSet<LedgerKeyRequest> LedgerKeyRequests => Set<LedgerKeyRequest>();
    public DbSet<BoardRelease> BoardReleases => Set<BoardRelease>();
    public DbSet<BoardCursor> BoardCursors => Set<BoardCursor>();
    public DbSet<ReleasedDay> ReleasedDays => Set<ReleasedDay>();
    public DbSet<Report> Reports => Set<Report>();
    public DbSet<ReportMail> ReportMails => Set<ReportMail>();
    public DbSet<Node> Nodes => Set<Node>();
    public DbSet<StoredTicketKey> TicketKeys => Set<StoredTicketKey>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<RunningImport> RunningImports => Set<RunningImport>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ServiceEvalDb).Assembly);
}
