using System.Security.Cryptography;
using System.Text;

namespace ServiceEval.Web.Http;

/// <summary>
/// The Content-Security-Policy of each kind of answer. No other site may frame any of them, and nothing comes from
/// another site.
/// </summary>
internal static class ContentPolicy
{
    private const string Closed = "frame-ancestors 'none'; base-uri 'none'";

    /// <summary>The policy of pages that Hangfire renders. Their scripts and styles are inline and change.</summary>
    public const string Dashboard = "frame-ancestors 'none'";

    /// <summary>The policy of static files, and of the hall's screen, which consists of static files.</summary>
    public const string Files = $"default-src 'self'; img-src 'self' data:; {Closed}";

    /// <summary>
    /// The policy of a page that is only printed. It is in the page itself, because a file has no headers.
    /// </summary>
    public const string Printed = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:";

    /// <summary>Returns the policy of a page for citizens, with this style and script in it.</summary>
    public static string OfForm(string style, string script) =>
        $"default-src 'none'; img-src 'self' data:; style-src {Hash(style)}; script-src {Hash(script)}; form-action 'self'; {Closed}";

    /// <summary>Returns the policy of a page with these styles in it and without scripts.</summary>
    public static string OfDocument(params string[] styles) =>
        $"default-src 'none'; style-src {string.Join(' ', styles.Select(Hash))}; font-src 'self' data:; {Closed}";

    private static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
