using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Components;

/// <summary>
/// Renders citizens' pages completely on the server. Style and script are in the page, so that a first view is one
/// request.
/// </summary>
public sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    internal static readonly string Style = Asset("page.css");
    internal static readonly string Script = Asset("page.js");

    private static readonly string Policy = ContentPolicy.OfForm(Style, Script);

    // This is one and a half times the length of a thanks page with the national tags. The pages of the grades differ
    // by a hundred bytes. So a page can reveal its grade only if the citizen's own words bring it that close to a
    // multiple of this length.
    private const int PaddedLength = 16 * 1024;

    public async Task<string> RenderAsync<TPage>(params (string Name, object? Value)[] parameters)
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<TPage>(
                ParameterView.FromDictionary(parameters.ToDictionary(p => p.Name, p => p.Value))
            );
            return page.ToHtmlString();
        });
    }

    /// <summary>Renders a problem as a page, in the language of the request.</summary>
    /// <param name="path">The path that the page's links lead to, if it is not the path of the request.</param>
    public async Task<IResult> RefuseAsync(HttpContext http, Problem problem, string? path = null)
    {
        var view = PageView.Of(http.Request);
        problem.Announce(http);
        var html = await RenderAsync<MessagePage>(
            (nameof(MessagePage.View), view),
            (nameof(MessagePage.Path), path ?? OwnPath(http.Request)),
            (nameof(MessagePage.Message), view.Say(problem.Detail, problem.English))
        );
        return Answer(http, html, problem.Status);
    }

    /// <summary>
    /// Removes additional slashes. In a link, a path that begins with two slashes would be the address of another host.
    /// </summary>
    private static string OwnPath(HttpRequest request) => "/" + request.Path.ToUriComponent().TrimStart('/', '\\');

    /// <summary>Returns a page as an answer that no cache stores and that loads nothing from elsewhere.</summary>
    public static IResult Answer(HttpContext http, string html, int status = StatusCodes.Status200OK)
    {
        Protect(http);
        return Results.Content(html, "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    /// <summary>
    /// Returns a page that names a grade. The page is padded to one length and sent without compression. So an
    /// eavesdropper cannot tell the grade from the size of the encrypted answer (decision 0032).
    /// </summary>
    public static IResult AnswerAlike(HttpContext http, string html, int status = StatusCodes.Status200OK)
    {
        Protect(http);
        http.Response.ForbidStoringAndCompression();
        http.Response.StatusCode = status;
        var length = Encoding.UTF8.GetByteCount(html);
        var page = new byte[(length + PaddedLength - 1) / PaddedLength * PaddedLength];
        Encoding.UTF8.GetBytes(html, page);
        page.AsSpan(length).Fill((byte)' ');
        return Results.Bytes(page, "text/html; charset=utf-8");
    }

    public static IResult SeeOther(HttpContext http, string location)
    {
        Protect(http);
        http.Response.Headers.Location = location;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    public static void Protect(HttpContext http)
    {
        PageView.Keep(http);
        var headers = http.Response.Headers;
        http.Response.ForbidStoring();
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
    }

    internal static string Asset(string name)
    {
        using var stream =
            typeof(PageRenderer).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
