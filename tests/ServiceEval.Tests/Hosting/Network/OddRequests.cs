using System.Text;

namespace ServiceEval.Tests.Hosting.Network;

/// <summary>Raw requests that no browser of a citizen sends, for any route.</summary>
internal static class OddRequests
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly string[] Methods =
    [
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "get",
        "X",
    ];

    private static readonly string[] Headers =
    [
        "Accept-Language: ,;q=x,zh;q=9,*;q=-1",
        "If-None-Match: \"",
        "If-None-Match: W/",
        "If-None-Match: *, \"a\"",
        "If-Modified-Since: yesterday",
        "If-Match: \"x",
        "Cookie: =;;\"=\u0001x; serviceeval=%00",
        "Cookie: " + new string('a', 9000),
        "Range: bytes=-",
        "Range: bytes=9-1,0-0,5-",
        "Range: items=1-2",
        "Accept: */*;q=;;",
        "Accept: " + new string('*', 3000),
        "Accept-Encoding: br;q=2, \"",
        "Accept-Charset: utf-7",
        "Origin: null",
        "Origin: \u0001",
        "Sec-Fetch-Site: \"",
        "Authorization: Basic",
        "Authorization: Basic !!!!",
        "Authorization: Basic /////w==",
        "Authorization: Bearer",
        "X-Forwarded-For: \"",
        "X-Forwarded-Proto: ://",
        "X-Forwarded-Host: a b",
        "Forwarded: for=\"",
        "Via: \"",
        "Expect: 100-continue",
        "Expect: x",
        "Upgrade: websocket\r\nConnection: Upgrade",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x",
        "X-HTTP-Method-Override: DELETE",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x",
        "Content-Type: \u0001",
        "traceparent: 00-x-y-z",
        "traceparent: " + new string('0', 500),
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n\u0081\u0000garbage",
        "baggage: ;;=\"",
        "Priority: u=99",
        "TE: \"",
        "Max-Forwards: -1",
        "Content-Disposition: \"",
    ];

    private static readonly string[] Hosts =
    [
        "",
        "\"",
        "a b",
        "[::1",
        "x:99999",
        "x:y",
        "%",
        "-",
        "例.cn",
        new('h', 3000),
        "evil.example/path",
        "user@host",
    ];

    private static readonly string[] Tails =
    [
        "%00",
        "%",
        "%zz",
        "%ff%fe",
        "%c0%af",
        "%ed%a0%80",
        "..%2f..%2f",
        "%5c..%5c",
        "/..",
        "//",
        ";x=1",
        "?%00=%00",
        "?lang=%00&view=%ff",
        "?lang=en&lang=zh&view=elder&view=",
        "?=&&&=;",
        "?limit=99999999999999999999",
        "?limit=-1",
        "?q=" + "%F0%90%80",
        "?" + new string('a', 7000),
        "?lang=en%0d%0aX:%20y",
        "?id=x&transport=serverSentEvents",
        "?id=%00",
        "?negotiateVersion=99999999999",
    ];

    private static readonly (string Type, string Body)[] Bodies =
    [
        (Json, ""),
        (Json, "null"),
        (Json, "[]"),
        (Json, "\"x\""),
        (Json, "{"),
        (Json, "\uFEFF{}"),
        (Json, "{\"ticket\":null,\"grade\":null}"),
        (Json, "{\"ticket\":\"\\ud800\"}"),
        (Json, "{\"ticket\":\"x\",\"ticket\":\"y\"}"),
        (Json, "{\"ticket\":\"\\u0000\",\"grade\":\"satisfied\"}"),
        (Json, "{\"ticket\":\"x\",\"grade\":99999999999}"),
        (Json, "{\"ticket\":[[1]],\"tags\":{}}"),
        (Json, new string('[', 5000)),
        (Json, "{\"visit\":" + string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 201)),
        (Json, "{\"windowCode\":\"\\udc00\\ud800\"}"),
        (Json, "{\"windowCode\":\"" + new string('a', 60000) + "\"}"),
        (Json, "{\"ticket\":\"x\",\"grade\":\"satisfied\",\"tags\":[null,\"\\ud800\"],\"comment\":\"\\ud83d\"}"),
        ("text/json", "{}"),
        ("application/vnd.x+json; charset=utf8", "{}"),
        ("application/json; charset=gbk", "{}"),
        ("application/json; charset=无", "{}"),
        ("application/json; charset=\"", "{}"),
        ("application/json, text/plain", "{}"),
        ("x", "{}"),
        ("", "{}"),
        (new string('t', 4000) + "/x", "{}"),
        (Form, "ticket"),
        (Form, "=&&=;"),
        (Form, "%00=%00&grade=%"),
        (Form, "grade=%ff%fe&ticket=%ed%a0%80"),
        (Form, "grade=satisfied&grade=dissatisfied"),
        (Form, string.Join('&', Enumerable.Repeat("a=b", 3000))),
        (Form, new string('k', 5000) + "=v"),
        (Form + "; charset=utf-7", "grade=+AD4-"),
        (Form + "; charset=x-none", "grade=x"),
        ("application/x-www-form-urlencoded;;;", "a=b"),
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=", "--\r\n"),
        ("multipart/form-data; boundary=" + new string('b', 300), "x"),
        ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"grade\"\r\n\r\nx"),
        ("multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--\r\n"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Type: text/plain; charset=utf-7\r\nContent-Disposition: form-data; name=grade\r\n\r\n+AD4-\r\n--b--\r\n"
        ),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"_charset_\"\r\n\r\ngbk\r\n--b--\r\n"
        ),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\u0001\"\r\n\r\nx\r\n--b--\r\n"
        ),
        ("text/plain;charset=UTF-8", "{\"protocol\":\"x\",\"version\":99}\u001e"),
        ("application/octet-stream", "\u0000\u0001\u0002"),
    ];

    private static readonly string[] Framings =
    [
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: -1",
        "Content-Length: 99999999999",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: x",
        "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        "Content-Encoding: identity, br\r\nContent-Length: 2\r\n\r\n{}",
    ];

    /// <param name="path">The path of a route with real values.</param>
    public static IEnumerable<byte[]> For(string method, string path)
    {
        foreach (var other in Methods)
            yield return Raw($"{other} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        foreach (var header in Headers)
            yield return Raw($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nContent-Length: 0\r\n\r\n");
        foreach (var host in Hosts)
            yield return Raw($"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n");
        foreach (var tail in Tails)
            yield return Raw($"{method} {path}{tail} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        foreach (var framing in Framings)
            yield return Raw(
                $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {Json}\r\n{framing}\r\n\r\n"
            );
        foreach (
            var target in (string[])
                [
                    $"http://evil.example{path}",
                    $"http://{path}",
                    "*",
                    $"/{path}",
                    $"/\\{path}",
                    path.TrimStart('/'),
                    $"{path} x",
                    new string('/', 9000),
                ]
        )
            yield return Raw($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        foreach (var version in (string[])["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9", "http/1.1", ""])
            yield return Raw($"{method} {path} {version}\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        yield return Raw(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 120).Select(i => $"X-{i}: y\r\n"))}\r\n"
        );
        yield return Raw($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX: {new string('y', 40_000)}\r\n\r\n");
        if (method == "GET")
            yield break;
        foreach (var (type, body) in Bodies)
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            yield return
            [
                .. Encoding.UTF8.GetBytes(
                    $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\n\r\n"
                ),
                .. bytes,
            ];
        }
    }

    private static byte[] Raw(string request) => Encoding.UTF8.GetBytes(request);
}
