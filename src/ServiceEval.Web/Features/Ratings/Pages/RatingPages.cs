using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>
/// The page with the faces of a window. The form needs no cookie, because its ticket is the right to post.
/// </summary>
public sealed class RatingPages(
    HallDirectory directory,
    TicketIssuer issuer,
    RatingIntake intake,
    JustRated justRated,
    PageRenderer renderer
)
{
    // The placeholder is as long as a ticket and occurs nowhere else in the page. A page is rendered and encoded once
    // for each window and view. A visit only writes its own ticket between the two halves.
    private static readonly string Placeholder = new('0', RatingTicket.TextLength);

    // The halves are removed with the snapshot from which they were rendered. So a renamed window is never shown with
    // its old name.
    private readonly ConditionalWeakTable<
        DirectorySnapshot,
        ConcurrentDictionary<(int, PageView), (byte[], byte[])>
    > _halves = [];

    public async Task<IResult> ShowAsync(string code, HttpContext http, CancellationToken ct)
    {
        var view = PageView.Of(http.Request);
        var snapshot = directory.Current;
        if (snapshot.Window(code) is not { } window)
            return await renderer.RefuseAsync(http, PlaceProblems.WindowUnknown, $"/w/{code}");
        if (!window.Takes(code))
            return await renderer.RefuseAsync(http, PlaceProblems.WindowRetired, $"/w/{code}");
        if (DeviceToken.Of(http.Request) is null)
            DeviceToken.Leave(http);
        try
        {
            if (await justRated.FindAsync(http.Request, window, ct) is { } given)
                return await AskAsync(http, given, view, window, code, null);
        }
        catch (OutcomeUnknownException)
        {
            return await RateAgainAsync(http, Problem.Unreadable, view, window, code, null);
        }

        var halves = _halves.GetOrCreateValue(snapshot);
        if (!halves.TryGetValue((window.Id, view), out var page))
            page = halves[(window.Id, view)] = await HalvesAsync(window, view);
        var (before, after) = page;

        PageRenderer.Protect(http);
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = before.Length + RatingTicket.TextLength + after.Length;
        http.Response.BodyWriter.Write(before);
        Encoding.ASCII.GetBytes(NewTicket(window), http.Response.BodyWriter);
        http.Response.BodyWriter.Write(after);
        await http.Response.BodyWriter.FlushAsync(ct);
        return Results.Empty;
    }

    public async Task<IResult> GiveAsync(string code, HttpContext http, CancellationToken ct)
    {
        var view = PageView.Of(http.Request);
        if (directory.Current.Window(code) is not { } window)
            return await renderer.RefuseAsync(http, PlaceProblems.WindowUnknown, $"/w/{code}");
        var (form, problem) = await PageForm.ReadAsync(http, ct);
        if (form is null)
            return await RateAgainAsync(http, problem!, view, window, code, null);

        var ticket = form["ticket"].ToString();
        var grade = Words.GradeOfButton(form["grade"]);
        try
        {
            if (
                grade is { } tapped
                && !form.ContainsKey(AskPage.Again)
                && await justRated.FindBeforeAsync(ticket, http.Request, window, ct) is { } given
            )
                return await AskAsync(http, given, view, window, code, tapped);
        }
        catch (OutcomeUnknownException)
        {
            return await RateAgainAsync(http, Problem.OutcomeUnknown, view, window, code, ticket);
        }

        var result = await intake.GiveAsync(
            ticket,
            grade,
            Channel.Qr,
            details: null,
            window,
            DeviceToken.Of(http.Request),
            ct
        );
        if (result is not IntakeResult.Accepted accepted)
            return await RateAgainAsync(http, result.ToProblem(), view, window, code, ticket);

        JustRated.Note(http, code, ticket);
        // Another grade on a used ticket changes nothing. The page says which grade counts.
        var note = accepted.Grade == grade ? "" : (view.Query.Length == 0 ? "?" : "&") + "replay=1";
        return PageRenderer.SeeOther(http, $"/r/{accepted.Receipt}{view.Query}{note}");
    }

    private string NewTicket(WindowEntry window) => issuer.IssuePrinted(window.Id).ToString();

    private async Task<(byte[], byte[])> HalvesAsync(WindowEntry window, PageView view)
    {
        var html = await RatePageAsync(window, window.Window.Code, view, Placeholder, null);
        var at = html.IndexOf(Placeholder, StringComparison.Ordinal);
        return (Encoding.UTF8.GetBytes(html[..at]), Encoding.UTF8.GetBytes(html[(at + Placeholder.Length)..]));
    }

    private Task<string> RatePageAsync(WindowEntry window, string code, PageView view, string ticket, string? alert) =>
        renderer.RenderAsync<RatePage>(
            (nameof(RatePage.View), view),
            (nameof(RatePage.Window), window),
            (nameof(RatePage.Code), code),
            (nameof(RatePage.Ticket), ticket),
            (nameof(RatePage.Alert), alert)
        );

    /// <summary>
    /// Asks whether the citizen wants another grade for the same service, or another rating. Nothing is stored.
    /// </summary>
    private async Task<IResult> AskAsync(
        HttpContext http,
        GivenRating given,
        PageView view,
        WindowEntry window,
        string code,
        Grade? tapped
    )
    {
        // If the code was revoked in the meantime, no new ticket is given, so the citizen can only correct the rating.
        var ticket = window.Takes(code) ? NewTicket(window) : null;
        var html = await renderer.RenderAsync<AskPage>(
            (nameof(AskPage.View), view),
            (nameof(AskPage.Window), window),
            (nameof(AskPage.Code), code),
            (nameof(AskPage.Given), given),
            (nameof(AskPage.Tapped), tapped),
            (nameof(AskPage.Ticket), ticket)
        );
        return PageRenderer.AnswerAlike(http, html);
    }

    /// <summary>
    /// Shows the five faces again with a message. If the ticket may have been stored, the page keeps it, so that a
    /// retry cannot count twice.
    /// </summary>
    private async Task<IResult> RateAgainAsync(
        HttpContext http,
        Problem problem,
        PageView view,
        WindowEntry window,
        string code,
        string? ticket
    )
    {
        var kept = problem.Status is 503 or 400 && !string.IsNullOrEmpty(ticket) ? ticket : null;
        // A retired window or a revoked code still accepts the tickets that it gave. It gives no new ticket and does
        // not name its successor.
        if (kept is null && !window.Takes(code))
            return await renderer.RefuseAsync(http, problem, $"/w/{code}");
        problem.Announce(http);
        var html = await RatePageAsync(
            window,
            code,
            view,
            kept ?? NewTicket(window),
            view.Say(problem.Detail, problem.English)
        );
        return PageRenderer.Answer(http, html, problem.Status);
    }
}
