using System.Text;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Benchmarks.Load;

/// <summary>Whole requests, made beforehand, so that a run only sends them.</summary>
internal static class Requests
{
    private static readonly string[] Grades = ["verySatisfied", "satisfied", "basicallySatisfied", "dissatisfied", "veryDissatisfied"];

    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: serviceeval\r\n\r\n");

    public static byte[] Post(string path, string json) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: serviceeval\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");

    /// <summary>
    /// Ratings on fresh tickets of these windows in turn. The tickets are signed here with the key in the server's data
    /// directory, as the server itself would.
    /// </summary>
    public static byte[][] Ratings(int count, IReadOnlyList<int> windowIds, string dataDirectory, string path = "/api/v1/ratings")
    {
        var keys = new TicketKeys(Options.Create(new ServiceEvalOptions { DataDirectory = dataDirectory }), TimeProvider.System);
        var issuer = new TicketIssuer(keys, TimeProvider.System);
        var requests = new byte[count][];
        for (var i = 0; i < count; i++)
            requests[i] = Post(path, $$"""{"ticket":"{{issuer.IssuePrinted(windowIds[i % windowIds.Count])}}","grade":"{{Grades[i % 7 % 5]}}"}""");
        return requests;
    }

    /// <summary>Each request once, in order; null at the end.</summary>
    public static Func<byte[]?> Once(byte[][] requests)
    {
        var at = 0;
        return () => at < requests.Length ? requests[at++] : null;
    }
}
