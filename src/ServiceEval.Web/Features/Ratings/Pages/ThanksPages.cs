using Microsoft.Extensions.Primitives;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>The pages that a receipt opens: thanks, correction, details. The receipt is the right to post.</summary>
public sealed class ThanksPages(HallDirectory directory, ReceiptDesk desk, ReceiptPages receipts, PageRenderer renderer)
{
    public async Task<IResult> ShowAsync(string receipt, HttpContext http, CancellationToken ct)
    {
        var (stored, problem) = await desk.FindAsync(receipt, ct);
        if (stored is null)
            return await receipts.RefuseAsync(http, problem!, receipt);
        var grade = stored.State.Grade;
        var alert = http.Request.Query.ContainsKey("replay")
            ? PageView
                .Of(http.Request)
                .Say(
                    $"这次服务已经评价过，以先前保存的“{Words.Of(grade)}”为准。",
                    $"Already rated: “{Words.Of(grade, true)}” counts."
                )
            : null;
        return await PageAsync(http, stored, receipt, ThanksForm.Empty, alert);
    }

    public async Task<IResult> AddDetailAsync(string receipt, HttpContext http, CancellationToken ct)
    {
        var (stored, problem) = await desk.FindAsync(receipt, ct);
        if (stored is null)
            return await receipts.RefuseAsync(http, problem!, receipt);
        var (fields, fault) = await PageForm.ReadAsync(http, ct);
        if (fields is null)
            return await RefusedAsync(http, stored, receipt, ThanksForm.Empty, fault!);

        var form = new ThanksForm(fields["item"], [.. fields["tags"].OfType<string>()], fields["comment"]);
        if (fields.ContainsKey("search"))
            return await PageAsync(http, stored, receipt, Searched(form, fields["q"]), null);

        problem = await desk.AddDetailAsync(stored, form.ToInput());
        return problem is null ? SeeOther(http, receipt) : await RefusedAsync(http, stored, receipt, form, problem);
    }

    public async Task<IResult> CorrectAsync(string receipt, HttpContext http, CancellationToken ct)
    {
        var (stored, problem) = await desk.FindAsync(receipt, ct);
        if (stored is null)
            return await receipts.RefuseAsync(http, problem!, receipt);
        var (fields, fault) = await PageForm.ReadAsync(http, ct);
        problem = fault ?? await desk.CorrectAsync(stored, Words.GradeOfButton(fields!["grade"]));
        return problem is null
            ? SeeOther(http, receipt)
            : await RefusedAsync(http, stored, receipt, ThanksForm.Empty, problem);
    }

    private ThanksForm Searched(ThanksForm form, StringValues typed)
    {
        var text = ThanksForm.SearchOf(typed.ToString());
        var found = directory.Current.ItemSearch.Find(text);
        return form with { Search = text, Found = found.Items, More = found.More };
    }

    private Task<IResult> RefusedAsync(
        HttpContext http,
        StoredRating stored,
        string receipt,
        ThanksForm form,
        Problem problem
    )
    {
        problem.Announce(http);
        var alert = PageView.Of(http.Request).Say(problem.Detail, problem.English);
        return PageAsync(http, stored, receipt, form, alert, problem.Status);
    }

    private async Task<IResult> PageAsync(
        HttpContext http,
        StoredRating stored,
        string receipt,
        ThanksForm form,
        string? alert,
        int status = StatusCodes.Status200OK
    )
    {
        var html = await renderer.RenderAsync<ThanksPage>(
            (nameof(ThanksPage.View), PageView.Of(http.Request)),
            (nameof(ThanksPage.State), stored.State),
            (nameof(ThanksPage.Window), directory.Current.Window(stored.State.Rating.WindowId)!),
            (nameof(ThanksPage.Receipt), Receipt.Parse(receipt)!.Value),
            (nameof(ThanksPage.Form), form),
            (nameof(ThanksPage.DetailsUntil), (DateTimeOffset?)desk.DetailsUntil(stored)),
            (nameof(ThanksPage.Alert), alert)
        );
        return PageRenderer.AnswerAlike(http, html, status);
    }

    private static IResult SeeOther(HttpContext http, string receipt) =>
        PageRenderer.SeeOther(http, $"/r/{Receipt.Parse(receipt)}{PageView.Of(http.Request).Query}");
}
