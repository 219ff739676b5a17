using Microsoft.Net.Http.Headers;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>
/// How a citizen wants pages: language and 长辈版. Both travel in the address, and the phone keeps a choice for a day, so
/// that the next scan need not ask again.
/// </summary>
/// <param name="Language"><c>zh</c> or <c>en</c>; null where nobody chose, which is Chinese.</param>
/// <param name="Size"><c>normal</c> or <c>elder</c>; null where nobody chose, which is normal.</param>
public sealed record PageView(string? Language, string? Size)
{
    private const string CookieName = "serviceeval-view";
    private const string Chinese = "zh";
    private const string Foreign = "en";
    private const string Normal = "normal";
    private const string Large = "elder";

    public bool English => Language == Foreign;
    public bool Elder => Size == Large;

    public PageView OtherLanguage => this with { Language = English ? Chinese : Foreign };
    public PageView OtherSize => this with { Size = Elder ? Normal : Large };

    /// <summary>The query that keeps the view, with a leading question mark; empty where nobody chose.</summary>
    public string Query =>
        (Language, Size) switch
        {
            (null, null) => "",
            (_, null) => $"?lang={Language}",
            (null, _) => $"?view={Size}",
            _ => $"?lang={Language}&view={Size}",
        };

    /// <summary>What the address says, and where it says nothing, what the phone kept.</summary>
    public static PageView Of(HttpRequest request)
    {
        var named = Named(request);
        if (named is { Language: not null, Size: not null } || request.Headers.Cookie.Count == 0)
            return named;
        // Language first, then size; a part that nobody chose is empty.
        var kept = request.Cookies[CookieName]?.Split('.') ?? [];
        return new PageView(
            named.Language ?? Known(kept.ElementAtOrDefault(0), Chinese, Foreign),
            named.Size ?? Known(kept.ElementAtOrDefault(1), Normal, Large)
        );
    }

    /// <summary>Leaves with the phone what the address says, unless the phone kept the same.</summary>
    public static void Keep(HttpContext http)
    {
        if (!http.Request.QueryString.HasValue || Named(http.Request) is { Language: null, Size: null })
            return;
        var view = Of(http.Request);
        var kept = $"{view.Language}.{view.Size}";
        if (http.Request.Cookies[CookieName] == kept)
            return;
        http.Response.Headers.Append(
            HeaderNames.SetCookie,
            $"{CookieName}={kept}; max-age=86400; path=/; samesite=lax; httponly{(http.Request.IsHttps ? "; secure" : "")}"
        );
    }

    /// <summary>The words in the citizen's language.</summary>
    public string Say(string chinese, string english) => English ? english : chinese;

    private static PageView Named(HttpRequest request) =>
        request.QueryString.HasValue
            ? new(Known(request.Query["lang"], Chinese, Foreign), Known(request.Query["view"], Normal, Large))
            : new(null, null);

    private static string? Known(string? value, string one, string other) =>
        string.Equals(value, one, StringComparison.OrdinalIgnoreCase) ? one
        : string.Equals(value, other, StringComparison.OrdinalIgnoreCase) ? other
        : null;
}
