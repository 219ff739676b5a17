using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Http;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>
/// A minimal-API POST that binds the same record and answers 201 with a body of the same size. It does nothing else, so
/// its speed is the upper limit.
/// </summary>
internal static class NoOp
{
    public const string Verb = "no-op";

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                Args = ["--hostBuilder:reloadConfigOnChange=false"],
            }
        );
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        await using var app = builder.Build();
        var answer = new RatingResponse(
            Guid.CreateVersion7(),
            "0123456789ABCDEF",
            Grade.Satisfied,
            new BlockResponse(123_456, new string('0', 64))
        );
        app.MapPost(
            "/noop",
            (RatingRequest request) =>
                TypedResults.Created((string?)null, answer with { Grade = request.Grade ?? Grade.Satisfied })
        );
        app.MapGet("/healthz/ready", () => "ready");
        await app.RunAsync();
    }
}
