using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Upkeep;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Hosting.Nodes;

namespace ServiceEval.Web;

public static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.RunAsync(args);

    /// <summary>Registers everything that every command needs: settings, logs, database, halls.</summary>
    public static WebApplicationBuilder Compose(WebApplicationBuilder builder)
    {
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
        builder.Services.AddJobs();
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
        app.MapOpenApi();
        return app;
    }
}
