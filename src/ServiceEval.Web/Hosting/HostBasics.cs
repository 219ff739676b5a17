using System.Net;
using System.Net.Sockets;
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
    private const string FilePolicy = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

    public static void AddHostBasics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ServiceEvalOptions>().BindConfiguration(ServiceEvalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ServiceEvalOptions>, ServiceEvalOptionsCheck>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<PublicAddress>();
        services.AddTelemetry(configuration);
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
        app.Use(Prepare);
        app.UseProblems();
        app.UseRateLimiter();
        // Named here, because otherwise the route is chosen before HEAD has become GET. What stands below, an endpoint with
        // ShortCircuit() never meets.
        app.UseRouting();
        app.UseResponseCompression();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers.ContentSecurityPolicy = FilePolicy,
        });
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready");
    }

    /// <summary>HEAD is answered as GET is; the server itself leaves the body out. Nothing answered is to be taken for another type.</summary>
    private static Task Prepare(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method)) http.Request.Method = HttpMethods.Get;
        // At the last moment, for whoever answers a fault clears the headers first.
        http.Response.OnStarting(static response =>
        {
            ((HttpResponse)response).Headers.XContentTypeOptions = "nosniff";
            return Task.CompletedTask;
        }, http.Response);
        return next(http);
    }

    /// <summary>A whole hall sits behind one address, so this only stops floods; a machine's own tools are exempt.</summary>
    private static RateLimitPartition<IPAddress> FloodFuse(HttpContext http)
    {
        var perMinute = http.RequestServices.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.FloodFuse;
        var address = http.Connection.RemoteIpAddress;
        if (perMinute == 0 || address is null || IPAddress.IsLoopback(address))
            return RateLimitPartition.GetNoLimiter(IPAddress.Loopback);
        return RateLimitPartition.GetFixedWindowLimiter(
            Network(address), _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) });
    }

    /// <summary>Who has one IPv6 address has the whole /64, and would have as many fuses; IPv4 written as IPv6 is IPv4.</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
