using Microsoft.Extensions.Options;
using ServiceEval.Web.Features.Upkeep.Checks;
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
        services.AddSingleton<StartPages>();
        // The checks run and are reported in this order.
        return services
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
    }

    public static void MapUpkeep(this IEndpointRouteBuilder app) =>
        app.MapGet(
                "/",
                (StartPages p, HttpContext http, CancellationToken ct) =>
                    p.ShowAsync(http.Request.Query.ContainsKey("check"), http, ct)
            )
            .AddEndpointFilter<LoopbackOnly>()
            .ExcludeFromDescription();
}
