using System.Text;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Benchmarks.Load;

/// <summary>Whole requests, made beforehand, so that a run only sends them.</summary>
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
    /// Fresh tickets of these windows in turn, signed here with the installation's key, as the server itself would.
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

    /// <summary>Each request once, in order; null at the end.</summary>
    public static Func<byte[]?> Once(byte[][] requests)
    {
        var at = 0;
        return () => at < requests.Length ? requests[at++] : null;
    }
}
