using Microsoft.Extensions.Options;
using ServiceEval.Core.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;

namespace ServiceEval.Web.Features.Ledger;

public static class LedgerFeature
{
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.AddOptions<LedgerOptions>().BindConfiguration(LedgerOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LedgerOptions>, LedgerOptionsCheck>();
        services.AddSingleton(LedgerKeyFile.Of).AddSingleton<OwnAdmissions>();
        services.AddSingleton(provider => new LedgerAuthor(
            Environment.MachineName,
            provider.GetRequiredService<LedgerKeyFile>().Open
        ));
        services
            .AddSingleton<NodeAuthorship>()
            .AddHostedService(provider => provider.GetRequiredService<NodeAuthorship>());
        services.AddHealthChecks().AddCheck<AuthorshipHealth>("ledger-key");
        return services.AddSingleton<ProvenTime>().AddHostedService<HeadsLog>();
    }
}
