using System.Net;
using System.Text.RegularExpressions;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Tests.Ratings;

/// <summary>A citizen's browser with its own cookies.</summary>
internal sealed partial class Phone : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _client;

    public Phone(TestHost host)
    {
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies })
        {
            BaseAddress = host.Address,
        };
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Returns the text of the device cookie for a page of this window; null if there is none.</summary>
    public string? TokenAt(string code) => CookieAt(code, "serviceeval-device");

    /// <summary>Returns the text of any cookie for a page of this window; null if there is none.</summary>
    public string? CookieAt(string code, string name) =>
        _cookies.GetCookies(new Uri(_client.BaseAddress!, $"/w/{code}"))[name]?.Value;

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) =>
        _client.SendAsync(new HttpRequestMessage(method, path), Ct);

    public Task<string> PageAsync(string path) => _client.GetStringAsync(path, Ct);

    /// <summary>Opens a window's page and returns its ticket.</summary>
    public async Task<string> OpenAsync(string code) => TicketOf(await PageAsync($"/w/{code}"));

    public static string TicketOf(string page) => TicketField().Match(page).Groups[1].Value;

    public Task<HttpResponseMessage> TapAsync(string code, string ticket, Grade grade) =>
        PostAsync($"/w/{code}", ("ticket", ticket), ("grade", Words.Wire(grade)));

    public async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))
        );
        return await _client.PostAsync(path, form, Ct);
    }

    /// <summary>Opens the page, taps a face, and returns the address of the redirect.</summary>
    public async Task<string> RateAsync(string code, Grade grade = Grade.Satisfied)
    {
        using var response = await TapAsync(code, await OpenAsync(code), grade);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("name=\"ticket\" value=\"([A-Za-z0-9_-]{64})\"")]
    private static partial Regex TicketField();
}
