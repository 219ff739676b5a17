using Microsoft.Extensions.Options;
using ServiceEval.Web.Features.Upkeep.Checks;

namespace ServiceEval.Web.Features.Upkeep;

public static class UpkeepFeature
{
    public static IServiceCollection AddUpkeep(this IServiceCollection services)
    {
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupOptionsCheck>();
        services.AddSingleton<BackupWriter>().AddSingleton<Restoring>().AddSingleton<NightlyBackup>().AddSingleton<Doctor>();
        // In the order in which they are told.
        return services.AddSingleton<Check, DatabaseCheck>().AddSingleton<Check, SchemaCheck>().AddSingleton<Check, LedgerCheck>()
            .AddSingleton<Check, ClockCheck>().AddSingleton<Check, TimeZoneCheck>().AddSingleton<Check, StorageCheck>().AddSingleton<Check, KeysCheck>()
            .AddSingleton<Check, JobsCheck>().AddSingleton<Check, BackupCheck>().AddSingleton<Check, NodesCheck>()
            .AddSingleton<Check, RedisCheck>().AddSingleton<Check, PrintingCheck>();
    }
}
