using ServiceEval.Core.Places;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Places.Pages;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Places;

public static class HallsFeature
{
    public static IServiceCollection AddHalls(this IServiceCollection services)
    {
        services
            .AddSingleton<HallDirectory>()
            .AddSingleton<IsDemo>(provider => () => provider.GetRequiredService<HallDirectory>().Current.Demo)
            .AddSingleton<Seeding>()
            .AddSingleton<HallPages>()
            .AddHostedService<DirectoryRefresh>();
        return services;
    }

    public static void MapHalls(this IEndpointRouteBuilder app)
    {
        app.MapGet(
                "/api/v1/halls",
                (HallDirectory directory, TimeProvider time) =>
                    directory.Current.Halls.Select(h => new HallResponse(
                        h.Code,
                        h.Name,
                        h.Hall.TimeZone,
                        directory.Current.Regions.Of(h.Id, h.DateOf(time.GetUtcNow())).Code
                    ))
            )
            .Public()
            .WithTags("Halls")
            .WithSummary("The halls of this installation");
        app.MapGet(
                "/api/v1/regions",
                (HallDirectory directory) =>
                    directory.Current.Regions.All.Select(r => new RegionResponse(
                        r.Code,
                        r.Name,
                        r.Level,
                        r.Parent?.Code
                    ))
            )
            .Public()
            .WithTags("Halls")
            .WithSummary("The regions of this installation, a parent before its children");
        var pages = app.MapGroup("").Public().ExcludeFromDescription();
        pages.MapGet("/h/{hall}", (HallPages p, string hall, HttpContext http) => p.ChooseAsync(hall, http));
        pages.MapGet("/h/{hall}/sheets", (HallPages p, string hall, HttpContext http) => p.SheetsAsync(hall, http));
        pages.MapGet("/h/{hall}/qr.svg", (HallPages p, string hall, HttpContext http) => p.HallQrAsync(hall, http));
        pages.MapGet(
            "/w/{code}/qr.svg",
            (HallPages p, string code, HttpContext http) => p.WindowQrAsync(code, "svg", http)
        );
        pages.MapGet(
            "/w/{code}/qr.png",
            (HallPages p, string code, HttpContext http) => p.WindowQrAsync(code, "png", http)
        );
        pages.MapGet("/w/{code}/sheet", (HallPages p, string code, HttpContext http) => p.SheetAsync(code, http));
    }
}

/// <param name="TimeZone">The IANA name.</param>
/// <param name="Region">The code of the region that the hall belongs to today.</param>
public sealed record HallResponse(string Code, string Name, string TimeZone, string Region);

/// <param name="Parent">The code of the region above; null for the root.</param>
public sealed record RegionResponse(string Code, string Name, RegionLevel Level, string? Parent);
