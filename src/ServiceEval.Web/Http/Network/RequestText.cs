using Microsoft.Net.Http.Headers;

namespace ServiceEval.Web.Http.Network;

/// <summary>
/// Accepts only uncompressed UTF-8 bodies, under any of the names of UTF-8. Another charset or a compressed body gets
/// 415. The framework would decode some charsets, report an internal error for others, and replace the characters of
/// yet others with question marks.
/// </summary>
internal static class RequestText
{
    private const string Utf8 = "utf-8";

    /// <summary>
    /// The labels of the Encoding Standard for UTF-8 and IANA's alias, without hyphens and underscores.
    /// </summary>
    private static readonly string[] Labels = ["utf8", "unicode11utf8", "unicode20utf8", "xunicode20utf8", "csutf8"];

    public static Task Read(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (
            HttpMethods.IsGet(request.Method)
            || (IsPlain(request.Headers.ContentEncoding.ToString()) && TryUnderstand(request))
        )
            return next(http);
        http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }

    private static bool IsPlain(string encoding) =>
        encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static bool TryUnderstand(HttpRequest request)
    {
        if (request.ContentType is not { } text || !text.Contains("charset", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!MediaTypeHeaderValue.TryParse(text, out var type))
            return false;
        var charsets = type
            .Parameters.Where(p => p.Name.StartsWith("charset", StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (charsets.Any(c => !IsUtf8(c)))
            return false;
        foreach (var charset in charsets)
            type.Parameters.Remove(charset);
        if (charsets.Count > 0)
            type.Parameters.Add(new NameValueHeaderValue("charset", Utf8));
        request.ContentType = type.ToString();
        return true;
    }

    /// <summary>Returns whether the charset is UTF-8. An empty charset counts as UTF-8.</summary>
    private static bool IsUtf8(NameValueHeaderValue charset)
    {
        var name = charset
            .GetUnescapedValue()
            .ToString()
            .Trim(' ', '\'')
            .Replace("-", "", StringComparison.Ordinal)
            .Replace("_", "", StringComparison.Ordinal);
        return name.Length == 0 || Labels.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
