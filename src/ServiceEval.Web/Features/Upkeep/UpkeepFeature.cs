using Microsoft.Extensions.Options;
using ServiceEval.Web.Features.Upkeep.Pages;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Upkeep;

public static class UpkeepFeature
{
    public static IServiceCollection AddUpkeep(this IServiceCollection services)
    {
        services
            .AddOptions<BackupOptions>()
            .BindConfiguration(BackupOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupOptionsCheck>();
        services
            .AddSingleton<BackupWriter>()
            .AddSingleton<BackupRestorer>()
            .AddSingleton<NightlyFiles>()
            .AddSingleton<NightlyBackup>()
            .AddSingleton<Doctor>();
        return services.AddSingleton<StartPages>();
    }

    public static void MapUpkeep(this IEndpointRouteBuilder app) =>
        app.MapGet(
                "/",
                (StartPages p, HttpContext http, CancellationToken ct) =>
                    p.ShowAsync(http.Request.Query.ContainsKey("check"), http, ct)
            )
            .OnlyFromThisMachine()
            .ExcludeFromDescription();
}
