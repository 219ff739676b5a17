using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>The API through which other software gives ratings.</summary>
public static class RatingApi
{
    public static void MapRatingApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").Public().WithTags("Ratings");
        api.MapPost("/tickets", IssueTicket)
            .WithSummary("A ticket for one rating at a window")
            .ProducesProblem(400)
            .ProducesProblem(404)
            .ProducesProblem(410)
            .ProducesProblem(413)
            .ProducesProblem(415)
            .ProducesProblem(429);
        api.MapPost("/ratings", GiveRatingAsync)
            .WithSummary("Give a rating; giving it again is free")
            .ProducesProblem(400)
            .ProducesProblem(403)
            .ProducesProblem(409)
            .ProducesProblem(410)
            .ProducesProblem(413)
            .ProducesProblem(415)
            .ProducesProblem(429)
            .ProducesProblem(503)
            .ShortCircuit();
        api.MapGet("/receipts/{receipt}", FindReceiptAsync)
            .WithSummary("What became of a rating")
            .ProducesProblem(404)
            .ProducesProblem(429);
    }

    private static Results<Created<TicketResponse>, ProblemHttpResult> IssueTicket(
        TicketRequest request,
        HallDirectory directory,
        TicketIssuer issuer,
        HttpContext http
    )
    {
        if (request.Visit is not null)
            return RatingProblems.NoVisits.ToResult(http);
        var snapshot = directory.Current;
        if (request.WindowCode is null || snapshot.Window(request.WindowCode) is not { } window)
            return PlaceProblems.WindowUnknown.ToResult(http);
        if (!window.Takes(request.WindowCode))
            return PlaceProblems.WindowRetired.ToResult(http);

        var ticket = issuer.IssuePrinted(window.Id);
        return TypedResults.Created(
            (string?)null,
            new TicketResponse(
                ticket.ToString(),
                ticket.RatingId,
                ticket.ExpiresAt.UtcDateTime,
                new TicketWindow(window.Number, window.Name, window.Hall.Code),
                [.. Grades.All.Select(grade => new GradeText(grade, Words.Of(grade)))],
                [.. snapshot.Tags.Select(tag => new TagText(tag.Code, tag.Grade, tag.Text, tag.Basic))]
            )
        );
    }

    private static async Task<Results<Created<RatingResponse>, Ok<RatingResponse>, ProblemHttpResult>> GiveRatingAsync(
        RatingRequest request,
        RatingIntake intake,
        HttpContext http,
        CancellationToken ct
    )
    {
        var details = new DetailInput(request.ItemCode, request.Tags, request.Comment);
        var result = await intake.GiveAsync(
            request.Ticket,
            request.Grade,
            request.Channel ?? Channel.Qr,
            details,
            at: null,
            device: null,
            ct
        );
        if (result is not IntakeResult.Accepted accepted)
            return result.ToProblem().ToResult(http);

        var response = new RatingResponse(
            accepted.RatingId,
            accepted.Receipt.Text,
            accepted.Grade,
            BlockResponse.Of(accepted.Block)
        );
        return accepted.Replay ? TypedResults.Ok(response) : TypedResults.Created((string?)null, response);
    }

    private static async Task<Results<Ok<ReceiptResponse>, ProblemHttpResult>> FindReceiptAsync(
        string receipt,
        ReceiptDesk desk,
        HttpContext http,
        CancellationToken ct
    )
    {
        var (stored, problem) = await desk.FindAsync(receipt, ct);
        if (stored is null)
            return problem!.ToResult(http);
        http.Response.ForbidStoringAndCompression();
        var rating = stored.State.Rating;
        return TypedResults.Ok(
            new ReceiptResponse(
                stored.State.Grade,
                rating.GivenAt.UtcDateTime,
                rating.Standing,
                BlockResponse.Of(stored.Block)
            )
        );
    }
}

public sealed record TicketRequest(string? WindowCode, System.Text.Json.JsonElement? Visit);

public sealed record TicketResponse(
    string Ticket,
    Guid RatingId,
    DateTime ExpiresAt,
    TicketWindow Window,
    IReadOnlyList<GradeText> Grades,
    IReadOnlyList<TagText> Tags
);

/// <param name="Hall">The hall's code.</param>
public sealed record TicketWindow(string Number, string Name, string Hall);

public sealed record GradeText(Grade Grade, string Text);

public sealed record TagText(string Code, Grade Grade, string Text, bool Basic);

public sealed record RatingRequest(
    string? Ticket,
    Grade? Grade,
    string? ItemCode,
    Channel? Channel,
    IReadOnlyList<string?>? Tags,
    string? Comment
);

public sealed record RatingResponse(
    Guid RatingId,
    string Receipt,
    [property: JsonConverter(typeof(EvenGradeConverter))] Grade Grade,
    BlockResponse Block
);

/// <param name="GivenAt">The time in UTC.</param>
public sealed record ReceiptResponse(
    [property: JsonConverter(typeof(EvenGradeConverter))] Grade Grade,
    DateTime GivenAt,
    Standing Standing,
    BlockResponse Block
);

/// <param name="Hash">The hash in lower-case hex.</param>
public sealed record BlockResponse(long Sequence, string Hash)
{
    public static BlockResponse Of(BlockReference block) => new(block.Sequence, Convert.ToHexStringLower(block.Hash));
}
