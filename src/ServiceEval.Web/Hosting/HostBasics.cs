using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting;

/// <summary>What no feature owns: settings, limits, compression, problems, probes.</summary>
public static class HostBasics
{
    private const int MaxBodyBytes = 64 * 1024;

    public static void AddHostBasics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ServiceEvalOptions>().BindConfiguration(ServiceEvalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ServiceEvalOptions>, ServiceEvalOptionsCheck>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<PublicAddress>();
        services.AddProblems();
        services.AddOpenApi(openApi => openApi.AddSchemaTransformer((schema, context, _) =>
        {
            ExactNames.Describe(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        }));
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var proxy in configuration.GetSection(ServiceEvalOptions.Section).Get<ServiceEvalOptions>()?.KnownProxies ?? [])
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(FloodFuse);
        });
    }

    public static void UseHostBasics(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.KnownProxies.Length > 0) app.UseForwardedHeaders();
        app.UseProblems();
        app.UseRateLimiter();
        app.UseResponseCompression();
        app.UseStaticFiles();
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready");
    }

    /// <summary>A whole hall sits behind one address, so this only stops floods; a machine's own tools are exempt.</summary>
    private static RateLimitPartition<IPAddress> FloodFuse(HttpContext http)
    {
        var perMinute = http.RequestServices.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.FloodFuse;
        var address = http.Connection.RemoteIpAddress;
        if (perMinute == 0 || address is null || IPAddress.IsLoopback(address))
            return RateLimitPartition.GetNoLimiter(IPAddress.Loopback);
        return RateLimitPartition.GetFixedWindowLimiter(
            address, _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) });
    }
}
