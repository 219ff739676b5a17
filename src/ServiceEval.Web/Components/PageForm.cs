using ServiceEval.Web.Http;

namespace ServiceEval.Web.Components;

/// <summary>Reads a form that one of our pages posted.</summary>
internal static class PageForm
{
    /// <summary>Returns the fields, or the problem that says why they cannot be read.</summary>
    public static async Task<(IFormCollection? Form, Problem? Problem)> ReadAsync(
        HttpContext http,
        CancellationToken ct
    )
    {
        if (http.Request.Headers["Sec-Fetch-Site"] == "cross-site")
            return (null, Problem.CrossSite);
        if (!http.Request.HasFormContentType)
            return (null, Problem.UnsupportedMedia);
        try
        {
            return (await http.Request.ReadFormAsync(ct), null);
        }
        catch (BadHttpRequestException e)
        {
            return (null, Problem.OfStatus(e.StatusCode) ?? Problem.UnreadableForm);
        }
        catch (NotSupportedException)
        {
            // A part of a multipart body has a charset that the runtime refuses, such as utf-7.
            return (null, Problem.UnsupportedMedia);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // An IOException means that a multipart body ends too early.
            return (null, Problem.UnreadableForm);
        }
    }
}
