using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>A form that a page of ours posted.</summary>
internal static class PageForm
{
    /// <summary>The fields, or the problem that says why there are none.</summary>
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
            // A part of a multipart body in a charset that the runtime refuses, such as utf-7.
            return (null, Problem.UnsupportedMedia);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // IOException: a multipart body that ends in the middle.
            return (null, Problem.UnreadableForm);
        }
    }
}
