namespace ServiceEval.Web.Features.Ledger;

public static class LedgerFeature
{
    public static IServiceCollection AddLedger(this IServiceCollection services) => services.AddSingleton<ProvenTime>().AddHostedService<HeadsLog>();
}
