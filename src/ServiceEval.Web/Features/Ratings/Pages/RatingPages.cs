using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>Pages of citizens. Forms rest on no cookie: the ticket or the receipt is the right to post.</summary>
public sealed class RatingPages(HallDirectory directory, TicketIssuer issuer, RatingIntake intake, ReceiptDesk desk, PageRenderer renderer)
{
    // As long as a ticket and nothing the page contains: rendering and encoding are done once for each window and view, and
    // a visit only writes its own ticket between the two halves.
    private static readonly string Placeholder = new('0', RatingTicket.TextLength);

    // Dies with the snapshot it was rendered from, so that a renamed window is never served under its old name.
    private readonly ConditionalWeakTable<DirectorySnapshot, ConcurrentDictionary<(int, PageView), (byte[], byte[])>> _halves = [];

    public async Task<IResult> ShowAsync(string code, HttpContext http, CancellationToken ct)
    {
        var view = PageView.Of(http.Request);
        var snapshot = directory.Current;
        if (snapshot.Window(code) is not { } window) return await renderer.RefuseAsync(http, Problem.WindowUnknown, $"/w/{code}");
        if (!window.Takes(code)) return await renderer.RefuseAsync(http, Problem.WindowRetired, $"/w/{code}");

        var halves = _halves.GetOrCreateValue(snapshot);
        if (!halves.TryGetValue((window.Id, view), out var page)) page = halves[(window.Id, view)] = await HalvesAsync(window, view);
        var (before, after) = page;

        PageRenderer.Protect(http);
        if (DeviceToken.Of(http.Request) is null) DeviceToken.Leave(http);
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = before.Length + RatingTicket.TextLength + after.Length;
        http.Response.BodyWriter.Write(before);
        Encoding.ASCII.GetBytes(issuer.IssuePrinted(window.Id).ToString(), http.Response.BodyWriter);
        http.Response.BodyWriter.Write(after);
        await http.Response.BodyWriter.FlushAsync(ct);
        return Results.Empty;
    }

    public async Task<IResult> GiveAsync(string code, HttpContext http, CancellationToken ct)
    {
        var view = PageView.Of(http.Request);
        if (directory.Current.Window(code) is not { } window) return await renderer.RefuseAsync(http, Problem.WindowUnknown, $"/w/{code}");
        var (form, problem) = await ReadFormAsync(http, ct);
        if (form is null) return await RateAgainAsync(http, problem!, view, window, code, null);

        var ticket = form["ticket"].ToString();
        var given = Words.GradeOf(form["grade"]);
        var result = await intake.GiveAsync(ticket, given, Channel.Qr, details: null, window, DeviceToken.Of(http.Request), ct);
        if (result is not IntakeResult.Accepted accepted) return await RateAgainAsync(http, result.ToProblem(), view, window, code, ticket);

        // Another grade on a used ticket changes nothing, and the page says which one counts.
        var note = accepted.Grade == given ? "" : (view.Query.Length == 0 ? "?" : "&") + "replay=1";
        return SeeOther(http, $"/r/{accepted.Receipt}{view.Query}{note}");
    }

    public async Task<IResult> ThanksAsync(string receipt, HttpContext http, CancellationToken ct)
    {
        var view = PageView.Of(http.Request);
        var (stored, problem) = await desk.FindAsync(receipt, ct);
        if (stored is null) return await renderer.RefuseAsync(http, problem!, "/r/" + receipt);
        var alert = http.Request.Query.ContainsKey("replay")
            ? view.Say($"这次服务已经评价过，以先前保存的“{Words.Of(stored.State.Grade)}”为准。", $"Already rated: “{Words.Of(stored.State.Grade, true)}” counts.")
            : null;
        return await ThanksPageAsync(http, stored, receipt, view, ThanksForm.Empty, alert);
    }

    public async Task<IResult> AddDetailAsync(string receipt, HttpContext http, CancellationToken ct)
    {
        var view = PageView.Of(http.Request);
        var (stored, problem) = await desk.FindAsync(receipt, ct);
        if (stored is null) return await renderer.RefuseAsync(http, problem!, "/r/" + receipt);
        var (fields, fault) = await ReadFormAsync(http, ct);
        if (fields is null) return await ThanksPageAsync(http, stored, receipt, view, ThanksForm.Empty, fault!.Detail, fault);

        var form = new ThanksForm(
            fields["item"], [.. fields["tags"].OfType<string>()], fields["comment"], fields.ContainsKey("search") ? ThanksForm.SearchOf(fields["q"].ToString()) : null, []);
        if (form.Search is not null) return await ThanksPageAsync(http, stored, receipt, view, form.With(directory.Current.ItemSearch.Find(form.Search)), null);

        problem = await desk.AddDetailAsync(stored, form.ToInput());
        return problem is null ? SeeOther(http, $"/r/{Receipt.Parse(receipt)}{view.Query}") : await ThanksPageAsync(http, stored, receipt, view, form, problem.Detail, problem);
    }

    public async Task<IResult> CorrectAsync(string receipt, HttpContext http, CancellationToken ct)
    {
        var view = PageView.Of(http.Request);
        var (stored, problem) = await desk.FindAsync(receipt, ct);
        if (stored is null) return await renderer.RefuseAsync(http, problem!, "/r/" + receipt);
        var (fields, fault) = await ReadFormAsync(http, ct);
        problem = fault ?? await desk.CorrectAsync(stored, Words.GradeOf(fields!["grade"]));
        return problem is null ? SeeOther(http, $"/r/{Receipt.Parse(receipt)}{view.Query}") : await ThanksPageAsync(http, stored, receipt, view, ThanksForm.Empty, problem.Detail, problem);
    }

    private async Task<(byte[], byte[])> HalvesAsync(WindowEntry window, PageView view)
    {
        var html = await RatePageAsync(window, window.Window.Code, view, Placeholder, null);
        var at = html.IndexOf(Placeholder, StringComparison.Ordinal);
        return (Encoding.UTF8.GetBytes(html[..at]), Encoding.UTF8.GetBytes(html[(at + Placeholder.Length)..]));
    }

    private Task<string> RatePageAsync(WindowEntry window, string code, PageView view, string ticket, string? alert) => renderer.RenderAsync<RatePage>(
        (nameof(RatePage.View), view), (nameof(RatePage.Window), window), (nameof(RatePage.Code), code),
        (nameof(RatePage.Ticket), ticket), (nameof(RatePage.Alert), alert));

    /// <summary>The five faces again, with what happened: where the ticket may have been stored it is kept, so that a retry can't count twice.</summary>
    private async Task<IResult> RateAgainAsync(HttpContext http, Problem problem, PageView view, WindowEntry window, string code, string? ticket)
    {
        var kept = problem.Status is 503 or 400 && !string.IsNullOrEmpty(ticket) ? ticket : null;
        // A retired window or revoked code honours the ticket it gave, but gives no new one and does not name its successor.
        if (kept is null && !window.Takes(code)) return await renderer.RefuseAsync(http, problem, $"/w/{code}");
        problem.Announce(http);
        var html = await RatePageAsync(window, code, view, kept ?? issuer.IssuePrinted(window.Id).ToString(), Sentence(problem, view));
        return PageRenderer.Answer(http, html, problem.Status);
    }

    private async Task<IResult> ThanksPageAsync(
        HttpContext http, StoredRating stored, string receipt, PageView view, ThanksForm form, string? alert, Problem? problem = null)
    {
        problem?.Announce(http);
        var window = directory.Current.Window(stored.State.Rating.WindowId)!;
        var html = await renderer.RenderAsync<ThanksPage>(
            (nameof(ThanksPage.View), view), (nameof(ThanksPage.State), stored.State), (nameof(ThanksPage.Window), window),
            (nameof(ThanksPage.Receipt), Receipt.Parse(receipt)!.Value), (nameof(ThanksPage.Form), form),
            (nameof(ThanksPage.Alert), problem is null ? alert : Sentence(problem, view)));
        return PageRenderer.Answer(http, html, problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<(IFormCollection? Form, Problem? Problem)> ReadFormAsync(HttpContext http, CancellationToken ct)
    {
        if (http.Request.Headers["Sec-Fetch-Site"] == "cross-site") return (null, Problem.CrossSite);
        if (!http.Request.HasFormContentType) return (null, Problem.UnsupportedMedia);
        try
        {
            return (await http.Request.ReadFormAsync(ct), null);
        }
        catch (BadHttpRequestException e)
        {
            return (null, Problem.OfStatus(e.StatusCode) ?? Problem.Invalid("提交的内容无法读取，没有保存。"));
        }
        catch (NotSupportedException)
        {
            // A part of a multipart body in a charset that the runtime refuses, such as utf-7.
            return (null, Problem.UnsupportedMedia);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // IOException: a multipart body that ends in the middle.
            return (null, Problem.Invalid("提交的内容无法读取，没有保存。"));
        }
    }

    private static IResult SeeOther(HttpContext http, string location)
    {
        PageRenderer.Protect(http);
        http.Response.Headers.Location = location;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static string Sentence(Problem problem, PageView view) => view.English ? problem.English : problem.Detail;
}
