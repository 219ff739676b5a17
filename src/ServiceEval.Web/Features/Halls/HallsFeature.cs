namespace ServiceEval.Web.Features.Halls;

public static class HallsFeature
{
    public static IServiceCollection AddHalls(this IServiceCollection services)
    {
        services.AddSingleton<HallDirectory>().AddSingleton<Seeding>().AddHostedService<DirectoryRefresh>();
        return services;
    }

    public static void MapHalls(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/halls", (HallDirectory directory) =>
            directory.Current.Halls.Select(h => new HallResponse(h.Code, h.Name, h.Hall.TimeZone)))
            .WithTags("Halls").WithSummary("The halls of this installation");
}

/// <param name="TimeZone">IANA name.</param>
public sealed record HallResponse(string Code, string Name, string TimeZone);
