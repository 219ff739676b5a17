using System.Net;
using System.Net.Http.Headers;

namespace ServiceEval.Simulator;

/// <summary>The browser of one citizen. It has its own cookies. All phones share the HTTP connections.</summary>
internal sealed class Phone(HttpClient client)
{
    private readonly CookieContainer _cookies = new();

    /// <summary>
    /// The time that the server asked for in its last answer, before the next request; null if it asked for none.
    /// </summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Returns the page, or null if the server refused the request.</summary>
    public async Task<string?> OpenAsync(string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
        using var response = await SendAsync(request, ct);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(ct) : null;
    }

    /// <summary>
    /// Posts a form as a browser does. Returns the path of the redirect, or null if the server refused the form.
    /// </summary>
    public async Task<string?> PostAsync(
        string path,
        IEnumerable<KeyValuePair<string, string>> fields,
        CancellationToken ct
    )
    {
        using var form = new FormUrlEncodedContent(fields);
        form.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = form };
        using var response = await SendAsync(request, ct);
        return response.StatusCode == HttpStatusCode.SeeOther
            ? response.Headers.Location?.ToString().Split('?')[0]
            : null;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (_cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } cookies)
            request.Headers.Add("Cookie", cookies);
        var response = await client.SendAsync(request, ct);
        RetryAfter = response.Headers.RetryAfter?.Delta;
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
                _cookies.SetCookies(request.RequestUri!, cookie);
        }
        return response;
    }

    private Uri Address(string path) => new(client.BaseAddress!, path);
}
