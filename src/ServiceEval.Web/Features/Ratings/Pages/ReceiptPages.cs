using ServiceEval.Web.Components;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>The page on which a citizen enters a receipt.</summary>
public sealed class ReceiptPages(ReceiptDesk desk, PageRenderer renderer)
{
    /// <summary>The most characters of a typed receipt that are shown again. Every receipt is shorter.</summary>
    private const int MostShown = 100;

    public Task<IResult> AskAsync(HttpContext http) => PageAsync(http, "", null, StatusCodes.Status200OK);

    public async Task<IResult> FindAsync(HttpContext http, CancellationToken ct)
    {
        var (form, problem) = await PageForm.ReadAsync(http, ct);
        if (form is null)
            return await RefuseAsync(http, problem!, "");
        var typed = form["receipt"].ToString();
        if (string.IsNullOrWhiteSpace(VisibleText.Of(typed)))
            return await RefuseAsync(http, RatingProblems.ReceiptMissing, "");
        (var stored, problem) = await desk.FindAsync(typed, ct);
        return stored is null
            ? await RefuseAsync(http, problem!, typed)
            : PageRenderer.SeeOther(http, $"/r/{Receipt.Parse(typed)}{PageView.Of(http.Request).Query}");
    }

    /// <summary>Shows the field again with the typed text, so that the citizen can correct a wrong character.</summary>
    public Task<IResult> RefuseAsync(HttpContext http, Problem problem, string typed)
    {
        problem.Announce(http);
        var alert = PageView.Of(http.Request).Say(problem.Detail, problem.English);
        return PageAsync(http, typed.Length > MostShown ? typed[..MostShown] : typed, alert, problem.Status);
    }

    private async Task<IResult> PageAsync(HttpContext http, string typed, string? alert, int status)
    {
        var html = await renderer.RenderAsync<ReceiptPage>(
            (nameof(ReceiptPage.View), PageView.Of(http.Request)),
            (nameof(ReceiptPage.Typed), typed),
            (nameof(ReceiptPage.Alert), alert)
        );
        return PageRenderer.Answer(http, html, status);
    }
}
