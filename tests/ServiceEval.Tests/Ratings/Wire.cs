using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ServiceEval.Tests.Ratings;

/// <summary>
/// Counts the bytes that an eavesdropper of an encrypted connection can count: the body of a request and a whole
/// answer.
/// </summary>
internal static partial class Wire
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Returns the whole answer on the wire, head and body, to a browser that accepts compression.</summary>
    public static async Task<byte[]> AnswerAsync(
        TestHost host,
        string method,
        string path,
        string body = "",
        string type = "application/x-www-form-urlencoded",
        string? cookie = null
    )
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, Ct);
        var stream = client.GetStream();
        var head =
            $"{method} {path} HTTP/1.1\r\nHost: {host.Address.Authority}\r\nConnection: close\r\nAccept-Encoding: gzip, deflate, br\r\n"
            + (cookie is null ? "" : $"Cookie: {cookie}\r\n")
            + (
                method == "POST"
                    ? $"Content-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
                    : ""
            );
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{head}\r\n{body}"), Ct);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, Ct);
        return answer.ToArray();
    }

    public static string HeaderOf(byte[] answer, string name) =>
        Regex
            .Match(Encoding.UTF8.GetString(answer), $@"^{Regex.Escape(name)}: ([^\r]*)\r", RegexOptions.Multiline)
            .Groups[1]
            .Value;

    public static int StatusOf(byte[] answer) =>
        int.Parse(Encoding.ASCII.GetString(answer.AsSpan(9, 3)), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>
    /// Returns the bodies that a browser posts for the faces of the form with this path, in the order of the page.
    /// </summary>
    public static IReadOnlyList<string> PostsOf(string page, string action)
    {
        var form = Regex
            .Match(page, $"<form [^>]*action=\"{Regex.Escape(action)}\"[^>]*>(.*?)</form>", RegexOptions.Singleline)
            .Groups[1]
            .Value;
        var hidden = Hidden()
            .Matches(form)
            .Select(m => $"{m.Groups[1].Value}={Uri.EscapeDataString(m.Groups[2].Value)}&");
        return
        [
            .. Button()
                .Matches(form)
                .Select(m => $"{string.Concat(hidden)}grade={Uri.EscapeDataString(m.Groups[1].Value)}"),
        ];
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("<button [^>]*name=\"grade\" value=\"([^\"]*)\"")]
    private static partial Regex Button();
}
