using System.Net;
using System.Text.RegularExpressions;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Tests.Ratings;

/// <summary>The steps of a citizen's browser without script.</summary>
internal static partial class CitizenSteps
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<(string Code, string Ticket)> OpenAsync(TestHost host)
    {
        var code = (await host.WindowCodesAsync())[0];
        var page = await PageAsync(host, $"/w/{code}");
        return (code, TicketField().Match(page).Groups[1].Value);
    }

    public static async Task<string> TapAsync(TestHost host, Grade grade)
    {
        var (code, ticket) = await OpenAsync(host);
        using var response = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", Words.Wire(grade)));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    public static async Task<string> PageAsync(TestHost host, string path)
    {
        using var response = await host.Client.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await TextAsync(response);
    }

    public static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(Ct);

    public static Task<HttpResponseMessage> PostAsync(
        TestHost host,
        string path,
        params (string Name, string Value)[] fields
    ) => host.Client.PostAsync(path, Form(fields), Ct);

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value)));

    [GeneratedRegex("name=\"ticket\" value=\"([A-Za-z0-9_-]{64})\"")]
    private static partial Regex TicketField();
}
