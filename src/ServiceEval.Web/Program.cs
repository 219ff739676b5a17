using System.CommandLine;
using ServiceEval.Core.Calendar;
using ServiceEval.Setup;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Features.Exchange;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Upkeep;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Hosting.Checks;
using ServiceEval.Web.Hosting.Nodes;
using ServiceEval.Web.Http;
using ServiceEval.Web.Publishing.Printing;

namespace ServiceEval.Web;

/// <summary>The lists of the rooms: services, routes, commands, jobs and checks. Only this file names rooms.</summary>
public static class Program
{
    public static HostRooms Rooms { get; } = new(Compose, Map, ReadPlacesAsync, CheckBeforeServing);

    public static Task<int> Main(string[] args) => CommandLine.RunAsync(args, CommandLine.Create(Rooms, Commands()));

    /// <summary>Registers everything that every command needs: settings, logs, database, halls.</summary>
    public static WebApplicationBuilder Compose(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(Rooms);
        builder.Services.AddPages();
        builder.Services.AddHostBasics(builder.Configuration);
        builder.Services.AddDatabase();
        builder.Services.AddNodes();
        builder.Services.AddHalls();
        // The ledger must be registered before the ratings. Services stop in reverse order, so the ledger still sees
        // the last batch.
        builder.Services.AddLedger();
        builder.Services.AddRatings();
        builder.Services.AddBoards(builder.Configuration);
        builder.Services.AddReports();
        builder.Services.AddUpkeep();
        builder.Services.AddJobs(Jobs);
        builder.Services.AddChecks();
        return builder;
    }

    /// <summary>Maps the public interface, in the order of contract and README.</summary>
    public static WebApplication Map(WebApplication app)
    {
        app.UseHostBasics();
        app.MapRatings();
        app.MapHalls();
        app.MapBoards();
        app.MapReports();
        app.MapUpkeep();
        app.MapJobs();
        app.MapHealth();
        app.MapMetrics();
        app.MapOpenApi().Public();
        return app;
    }

    /// <summary>The commands of the program, in the order of its help.</summary>
    private static IEnumerable<Command> Commands() =>
        [
            HallCommands.Seed(),
            HallCommands.Windows(),
            ExchangeCommands.Import(),
            ReportCommands.Report(),
            LedgerCommands.Verify(),
            LedgerKeyCommands.Ledger(),
            UpkeepCommands.Backup(),
            UpkeepCommands.Restore(),
            UpkeepCommands.Doctor(),
            ServiceCommands.Create(CommandLine.FailingInOneSentenceAsync),
        ];

    /// <summary>The recurring jobs.</summary>
    private static IEnumerable<HostJob> Jobs(IServiceProvider services) =>
        [ReportSweep.Job(), NightlyBackup.Job(services), ReportMailSweep.Job(services)];

    /// <summary>The checks of <c>doctor</c>, in the order of its report.</summary>
    private static void AddChecks(this IServiceCollection services) =>
        services
            .AddSingleton<Check, DatabaseCheck>()
            .AddSingleton<Check, SchemaCheck>()
            .AddSingleton<Check, LedgerCheck>()
            .AddSingleton<Check, ClockCheck>()
            .AddSingleton<Check, TimeZoneCheck>()
            .AddSingleton<Check, StorageCheck>()
            .AddSingleton<Check, KeysCheck>()
            .AddSingleton<Check, LedgerKeysCheck>()
            .AddSingleton<Check, JobsCheck>()
            .AddSingleton<Check, BackupCheck>()
            .AddSingleton<Check, NodesCheck>()
            .AddSingleton<Check, RedisCheck>()
            .AddSingleton<Check, PrintingCheck>();

    /// <summary>Loads what every command on a database reads. The database is open and has the current schema.</summary>
    private static Task ReadPlacesAsync(IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<HallDirectory>().RefreshAsync(ct);

    /// <summary>
    /// Reports faults of the installation before the host serves. Otherwise a faulty calendar file would fail the first
    /// citizen who adds details.
    /// </summary>
    private static void CheckBeforeServing(WebApplication app)
    {
        app.Services.GetRequiredService<WorkCalendar>();
        app.Services.GetRequiredService<PublicAddress>().WarnIfUnset(app.Logger);
        app.Services.GetRequiredService<Browser>().WarnIfMissing(app.Logger);
    }
}
