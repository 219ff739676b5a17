using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Boards;

public static class BoardsFeature
{
    private const string ScreenPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self'; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static IServiceCollection AddBoards(this IServiceCollection services)
    {
        services.AddOptions<BoardOptions>().BindConfiguration(BoardOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSignalR().AddJsonProtocol(json => Json.Configure(json.PayloadSerializerOptions));
        services.AddSingleton<BoardReader>().AddSingleton<BoardReleases>().AddHostedService<BoardPublisher>();
        return services;
    }

    public static void MapBoards(this IEndpointRouteBuilder app)
    {
        app.MapHub<BoardHub>("/hubs/board");
        app.MapGet("/api/v1/halls/{hall}/board", ReadBoardAsync).WithTags("Boards").WithSummary("What the hall's screen shows")
            .Produces(StatusCodes.Status304NotModified).ProducesProblem(404);
        app.MapGet("/display/{hall}", Screen).ExcludeFromDescription();
    }

    private static async Task<Results<Ok<Board>, StatusCodeHttpResult, ProblemHttpResult>> ReadBoardAsync(
        string hall, HallDirectory directory, BoardReader reader, HttpContext http, CancellationToken ct)
    {
        if (directory.Current.Hall(hall) is not { } entry) return Problem.HallUnknown.ToResult(http);
        var board = await reader.ReadAsync(entry, ct);
        http.Response.Headers.ETag = board.ETag;
        http.Response.Headers.CacheControl = "no-cache";
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(new EntityTagHeaderValue(board.ETag), useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(board);
    }

    /// <summary>The screen itself says what it can't find; it is built from kiosk/src/display.</summary>
    private static async Task<IResult> Screen(IWebHostEnvironment environment, HttpContext http, CancellationToken ct)
    {
        var page = environment.WebRootFileProvider.GetFileInfo("kiosk/display.html");
        if (!page.Exists) throw new InvalidOperationException("The hall screen is not built: run `npm ci && npm run build` in kiosk/.");
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ContentSecurityPolicy = ScreenPolicy;
        http.Response.ContentType = "text/html; charset=utf-8";
        await using var content = page.CreateReadStream();
        await content.CopyToAsync(http.Response.Body, ct);
        return Results.Empty;
    }
}
