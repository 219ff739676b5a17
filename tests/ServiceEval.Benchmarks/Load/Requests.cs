using System.Text;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Benchmarks.Load;

/// <summary>Whole requests that are made before the run, so that the run only sends them.</summary>
internal static class Requests
{
    private static readonly string[] Grades =
    [
        "verySatisfied",
        "satisfied",
        "basicallySatisfied",
        "dissatisfied",
        "veryDissatisfied",
    ];

    public static byte[] Get(string path) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: serviceeval\r\n\r\n");

    public static byte[] Post(string path, string json) =>
        Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: serviceeval\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"
        );

    /// <summary>
    /// Returns new tickets of these windows in turn. They are signed with the installation's key, as the server signs
    /// them.
    /// </summary>
    public static string[] Tickets(int count, IReadOnlyList<int> windowIds, TicketIssuer issuer) =>
        [.. Enumerable.Range(0, count).Select(i => issuer.IssuePrinted(windowIds[i % windowIds.Count]).ToString())];

    public static byte[][] Ratings(int count, IReadOnlyList<int> windowIds, TicketIssuer issuer) =>
        [
            .. Tickets(count, windowIds, issuer)
                .Select(
                    (ticket, i) =>
                        Post("/api/v1/ratings", $$"""{"ticket":"{{ticket}}","grade":"{{Grades[i % 7 % 5]}}"}""")
                ),
        ];

    /// <summary>Returns each request once, in order, and then null.</summary>
    public static Func<byte[]?> Once(byte[][] requests)
    {
        var at = 0;
        return () => at < requests.Length ? requests[at++] : null;
    }
}
