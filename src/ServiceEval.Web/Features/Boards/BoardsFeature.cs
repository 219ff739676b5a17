using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Net.Http.Headers;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Hosting.Nodes;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Boards;

public static class BoardsFeature
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddBoards(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<BoardOptions>()
            .BindConfiguration(BoardOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services
            .AddSignalR(hub =>
            {
                hub.HandshakeTimeout = HandshakeTimeout;
                hub.AddFilter<ScreenLimits>();
            })
            .AddJsonProtocol(json => Json.Configure(json.PayloadSerializerOptions))
            .AddBackplane(configuration);
        services
            .AddSingleton<BoardMetrics>()
            .AddSingleton<ScreenLimits>()
            .AddSingleton<BoardReader>()
            .AddSingleton<RegionBoardReader>()
            .AddSingleton<BoardReleases>()
            .AddHostedService<BoardPublisher>();
        return services;
    }

    public static void MapBoards(this IEndpointRouteBuilder app)
    {
        // A screen that does not accept a push within this time is closed. It connects again, and polls in the
        // meantime.
        var transport = new HttpConnectionDispatcherOptions();
        transport.TransportSendTimeout = BoardPublisher.PatienceWithScreens;
        // These calls do the same as MapHub, with the limits in front of the hub.
        app.MapConnections(
                "/hubs/board",
                transport,
                hub =>
                {
                    var limits = hub.ApplicationServices.GetRequiredService<ScreenLimits>();
                    hub.Use(next => connection => limits.HoldAsync(connection, next)).UseHub<BoardHub>();
                }
            )
            .Public()
            .WithMetadata(new HubMetadata(typeof(BoardHub)));
        app.MapGet("/api/v1/halls/{hall}/board", ReadBoardAsync)
            .Public()
            .WithTags("Boards")
            .WithSummary("What the hall's screen shows")
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(404);
        app.MapGet("/api/v1/regions/{region}/board", ReadRegionAsync)
            .Public()
            .WithTags("Boards")
            .WithSummary("What the region's screen shows")
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(404);
        // The code can also be the code of a region.
        app.MapGet("/display/{hall}", Screen).Public().ExcludeFromDescription();
    }

    private static async Task<Results<Ok<Board>, StatusCodeHttpResult, ProblemHttpResult>> ReadBoardAsync(
        string hall,
        HallDirectory directory,
        BoardReader reader,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (directory.Current.Hall(hall) is not { } entry)
            return PlaceProblems.HallUnknown.ToResult(http);
        // Screens poll every 30 seconds, and mostly nothing has changed. Two small reads are then enough.
        if (await IsKnownAsync(http, () => reader.ETagAsync(entry, ct)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var board = await reader.ReadAsync(entry, ct);
        http.Response.Headers.ETag = Board.ETagOf(board.Version, board.ReceivedToday, board.To);
        return TypedResults.Ok(board);
    }

    private static async Task<Results<Ok<RegionBoard>, StatusCodeHttpResult, ProblemHttpResult>> ReadRegionAsync(
        string region,
        HallDirectory directory,
        RegionBoardReader reader,
        HttpContext http,
        CancellationToken ct
    )
    {
        var places = directory.Current;
        if (places.Regions.Find(region) is not { } entry)
            return PlaceProblems.RegionUnknown.ToResult(http);
        if (await IsKnownAsync(http, () => reader.ETagAsync(entry, places, ct)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var (board, etag) = await reader.ReadAsync(entry, places, ct);
        http.Response.Headers.ETag = etag;
        return TypedResults.Ok(board);
    }

    /// <summary>Returns whether the client has the current board. Sets the headers of such an answer.</summary>
    private static async Task<bool> IsKnownAsync(HttpContext http, Func<Task<string>> readETag)
    {
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.GetTypedHeaders().IfNoneMatch is not { Count: > 0 } known)
            return false;
        var current = await readETag();
        if (!known.Any(tag => tag.Compare(new EntityTagHeaderValue(current), useStrongComparison: false)))
            return false;
        http.Response.Headers.ETag = current;
        return true;
    }

    /// <summary>
    /// Sends the page of the screen, which is built from kiosk/src/display. The page itself shows a message if the hall
    /// or region does not exist.
    /// </summary>
    private static async Task<IResult> Screen(IWebHostEnvironment environment, HttpContext http, CancellationToken ct)
    {
        var page = environment.WebRootFileProvider.GetFileInfo("kiosk/display.html");
        if (!page.Exists)
            throw new InvalidOperationException(
                "The hall screen is not built: run `npm ci && npm run build` in kiosk/."
            );
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ContentSecurityPolicy = ContentPolicy.Files;
        http.Response.ContentType = "text/html; charset=utf-8";
        await using var content = page.CreateReadStream();
        await content.CopyToAsync(http.Response.Body, ct);
        return Results.Empty;
    }
}
