using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Ratings.Pages;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings;

public static class RatingsFeature
{
    public static IServiceCollection AddRatings(this IServiceCollection services)
    {
        services
            .AddOptions<ReceiptOptions>()
            .BindConfiguration(ReceiptOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, HotJson.Default)
        );
        services.AddSingleton<TicketKeyStore>(provider =>
            provider.GetRequiredService<DatabaseEngine>().IsServer
                ? new TicketKeyTable(provider.GetRequiredService<IDbContextFactory<ServiceEvalDb>>())
                : new TicketKeyFile(provider.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.DataPath)
        );
        services.AddSingleton<TicketKeys>().AddSingleton<TicketIssuer>().AddHostedService<TicketKeysCheck>();
        services
            .AddSingleton<RatingMetrics>()
            .AddSingleton<RatingLog>()
            .AddHostedService(provider => provider.GetRequiredService<RatingLog>());
        services
            .AddSingleton<RatingReader>()
            .AddSingleton<RatingIntake>()
            .AddSingleton<DetailDeadline>()
            .AddSingleton<ReceiptDesk>();
        services.AddSingleton<JustRated>();
        services.AddSingleton<RatingPages>().AddSingleton<ThanksPages>().AddSingleton<ReceiptPages>();
        return services;
    }

    public static void MapRatings(this IEndpointRouteBuilder app)
    {
        app.MapRatingApi();
        var pages = app.MapGroup("").Public().ExcludeFromDescription();
        pages.MapGet(
            "/w/{code}",
            (RatingPages p, string code, HttpContext http, CancellationToken ct) => p.ShowAsync(code, http, ct)
        );
        pages.MapPost(
            "/w/{code}",
            (RatingPages p, string code, HttpContext http, CancellationToken ct) => p.GiveAsync(code, http, ct)
        );
        pages.MapGet("/r", (ReceiptPages p, HttpContext http) => p.AskAsync(http));
        pages.MapPost("/r", (ReceiptPages p, HttpContext http, CancellationToken ct) => p.FindAsync(http, ct));
        pages.MapGet(
            "/r/{receipt}",
            (ThanksPages p, string receipt, HttpContext http, CancellationToken ct) => p.ShowAsync(receipt, http, ct)
        );
        pages.MapPost(
            "/r/{receipt}",
            (ThanksPages p, string receipt, HttpContext http, CancellationToken ct) =>
                p.AddDetailAsync(receipt, http, ct)
        );
        // A refused correction is shown at this address, so a citizen can open the address again.
        pages.MapGet(
            "/r/{receipt}/correction",
            (string receipt, HttpContext http) =>
                PageRenderer.SeeOther(http, $"/r/{Uri.EscapeDataString(receipt)}{PageView.Of(http.Request).Query}")
        );
        pages.MapPost(
            "/r/{receipt}/correction",
            (ThanksPages p, string receipt, HttpContext http, CancellationToken ct) => p.CorrectAsync(receipt, http, ct)
        );
        pages.MapGet(
            "/privacy",
            async (PageRenderer renderer, HttpContext http) =>
                PageRenderer.Answer(
                    http,
                    await renderer.RenderAsync<PrivacyPage>((nameof(PrivacyPage.View), PageView.Of(http.Request)))
                )
        );
    }
}
