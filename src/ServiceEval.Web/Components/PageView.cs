using Microsoft.Net.Http.Headers;

namespace ServiceEval.Web.Components;

/// <summary>
/// A citizen's choice of language and 长辈版. The address contains both choices. The phone stores a choice for a day, so
/// that the citizen does not have to choose again at the next scan.
/// </summary>
/// <param name="Language"><c>zh</c> or <c>en</c>; null if the citizen chose none, which means Chinese.</param>
/// <param name="Size"><c>normal</c> or <c>elder</c>; null if the citizen chose none, which means normal.</param>
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

    /// <summary>
    /// The query that keeps the view, with a leading question mark; empty if the citizen chose nothing.
    /// </summary>
    public string Query =>
        (Language, Size) switch
        {
            (null, null) => "",
            (_, null) => $"?lang={Language}",
            (null, _) => $"?view={Size}",
            _ => $"?lang={Language}&view={Size}",
        };

    /// <summary>
    /// Returns the choice in the address. If the address contains no choice, the choice stored on the phone is used.
    /// </summary>
    public static PageView Of(HttpRequest request)
    {
        var named = Named(request);
        if (named is { Language: not null, Size: not null } || request.Headers.Cookie.Count == 0)
            return named;
        // The language is first, then the size. A part that was not chosen is empty.
        var kept = request.Cookies[CookieName]?.Split('.') ?? [];
        return new PageView(
            named.Language ?? Known(kept.ElementAtOrDefault(0), Chinese, Foreign),
            named.Size ?? Known(kept.ElementAtOrDefault(1), Normal, Large)
        );
    }

    /// <summary>Stores the choice in the address on the phone, unless the phone has stored the same choice.</summary>
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

    /// <summary>Returns the words in the citizen's language.</summary>
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
