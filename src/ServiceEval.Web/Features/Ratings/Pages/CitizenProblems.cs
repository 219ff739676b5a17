using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>
/// What the host itself refuses or fails at on citizens' addresses (a flood, a method that is not taken, an exception) is a
/// page there, with the same status as anywhere.
/// </summary>
internal sealed class CitizenProblems(PageRenderer renderer) : IProblemDetailsWriter
{
    private static readonly PathString[] Places = ["/w", "/r"];

    public bool CanWrite(ProblemDetailsContext context) => Places.Any(place => context.HttpContext.Request.Path.StartsWithSegments(place, StringComparison.OrdinalIgnoreCase));

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var view = PageView.Of(http.Request);
        var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
        var own = context.ProblemDetails.Type?.StartsWith("urn:serviceeval:", StringComparison.Ordinal) == true ? context.ProblemDetails.Detail : null;
        var problem = Problem.OfStatus(status);
        problem?.Announce(http);
        var html = await renderer.RenderAsync<MessagePage>(
            (nameof(MessagePage.View), view), (nameof(MessagePage.Path), http.Request.Path.Value),
            (nameof(MessagePage.Message), own ?? (view.English ? problem?.English : problem?.Detail) ?? Sentence(status, view)));
        await PageRenderer.Answer(http, html, status).ExecuteAsync(http);
    }

    private static string Sentence(int status, PageView view) => status >= StatusCodes.Status500InternalServerError
        ? view.Say("系统出错了，请稍后再试；重复提交不会重复计数。", "Something went wrong here; please try again later, nothing counts twice.")
        : view.Say("没有这个页面，请重新扫码。", "There is no such page; please scan again.");
}
