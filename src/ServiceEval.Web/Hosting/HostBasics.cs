using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting.Network;

namespace ServiceEval.Web.Hosting;

/// <summary>What no feature owns: settings, limits, compression, problems, probes.</summary>
public static class HostBasics
{
    private const int MaxBodyBytes = 64 * 1024;
    private const string FilePolicy =
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

    public static void AddHostBasics(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<ServiceEvalOptions>()
            .BindConfiguration(ServiceEvalOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ServiceEvalOptions>, ServiceEvalOptionsCheck>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<PublicAddress>();
        services.AddTelemetry(configuration);
        services.AddProblems();
        services.AddOpenApi(openApi =>
            openApi.AddSchemaTransformer(
                (schema, context, _) =>
                {
                    ExactNames.Describe(schema, context.JsonTypeInfo.Type);
                    return Task.CompletedTask;
                }
            )
        );
        services.AddHealthChecks().AddCheck<DatabaseHealth>(DatabaseHealth.Name);
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.AddSingleton<IResponseCompressionProvider, Compression>();
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            // What one connection can make this node keep while nobody reads it.
            kestrel.Limits.MaxRequestBufferSize = 2 * MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        services
            .AddOptions<ConnectionLimits>()
            .BindConfiguration(ConnectionLimits.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services
            .AddSingleton<ConnectionTable>()
            .AddHostedService(provider => provider.GetRequiredService<ConnectionTable>());
        // Asked for with the first endpoint: before that, wrong settings are to be told all together.
        services
            .AddOptions<KestrelServerOptions>()
            .Configure<IServiceProvider>(
                (kestrel, provider) =>
                    kestrel.ConfigureEndpointDefaults(endpoint =>
                        endpoint.Use(provider.GetRequiredService<ConnectionTable>().HoldAsync)
                    )
            );
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (
                var proxy in configuration
                    .GetSection(ServiceEvalOptions.Section)
                    .Get<ServiceEvalOptions>()
                    ?.KnownProxies
                    ?? []
            )
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        });
        services.AddSingleton<FloodFuse>();
    }

    public static void UseHostBasics(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.KnownProxies.Length > 0)
            app.Use(ClientAddress.Unquote).UseForwardedHeaders();
        app.Use(Prepare);
        app.UseProblems();
        app.Use(app.Services.GetRequiredService<FloodFuse>().GuardAsync);
        app.Use(RequestText.Read);
        // Named here, because otherwise the route is chosen before HEAD has become GET. What stands below, an endpoint
        // with ShortCircuit() never meets.
        app.UseRouting();
        app.UseResponseCompression();
        app.UseStaticFiles(
            new StaticFileOptions
            {
                OnPrepareResponse = file => file.Context.Response.Headers.ContentSecurityPolicy = FilePolicy,
            }
        );
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready");
    }

    /// <summary>
    /// HEAD is answered as GET is; the server itself leaves the body out. Nothing answered is to be taken for another
    /// type.
    /// </summary>
    private static async Task Prepare(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method))
            http.Request.Method = HttpMethods.Get;
        // At the last moment, for whoever answers a fault clears the headers first.
        http.Response.OnStarting(
            static response =>
            {
                ((HttpResponse)response).Headers.XContentTypeOptions = "nosniff";
                return Task.CompletedTask;
            },
            http.Response
        );
        var connection = http.Features.Get<OpenConnection>();
        connection?.Begin();
        try
        {
            await next(http);
        }
        finally
        {
            connection?.End();
        }
    }
}
