using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http.Network;

namespace ServiceEval.Web.Http;

/// <summary>
/// The parts of the host that belong to no feature: settings, limits, compression, problem responses and health checks.
/// </summary>
public static class HostBasics
{
    private const int MaxBodyBytes = 64 * 1024;

    public static void AddHostBasics(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<ServiceEvalOptions>()
            .BindConfiguration(ServiceEvalOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ServiceEvalOptions>, ServiceEvalOptionsCheck>();
        services
            .AddOptions<PrivacyOptions>()
            .BindConfiguration(PrivacyOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
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
            // Limits the memory that one connection occupies on this node while nobody reads its data.
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
        // The connection table is resolved with the first endpoint, not here, so that all wrong settings are reported
        // together first.
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
        // Routing is placed here explicitly. By default it runs first and would choose the route before HEAD becomes
        // GET. Middleware below this line does not run for an endpoint with ShortCircuit().
        app.UseRouting();
        app.UseResponseCompression();
        app.UseStaticFiles(
            new StaticFileOptions
            {
                OnPrepareResponse = file => file.Context.Response.Headers.ContentSecurityPolicy = ContentPolicy.Files,
            }
        );
    }

    /// <summary>
    /// Handles HEAD as GET; the server itself omits the body. Adds the header nosniff, so that a browser does not guess
    /// another content type.
    /// </summary>
    private static async Task Prepare(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method))
            http.Request.Method = HttpMethods.Get;
        // The header is added when the response starts, because the exception handler clears all headers before.
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
