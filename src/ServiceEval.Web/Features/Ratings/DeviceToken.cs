using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The random token that a window's page sets as a cookie on a phone, so that several ratings from the phone at one
/// window can be detected (疑似重复). The token says nothing about the phone. It is never stored here; only a
/// <see cref="DeviceMark"/> is stored (decision 0014).
/// </summary>
public sealed class DeviceToken
{
    // The name is long because other applications on the same domain set cookies too.
    private const string CookieName = "serviceeval-device";
    private const int Length = 16;

    // Only ratings of one date are compared. So a longer life would serve only to follow a person.
    private const string Attributes = "; max-age=86400; path=/w; samesite=lax; httponly";

    private readonly byte[] _bytes;

    private DeviceToken(byte[] bytes) => _bytes = bytes;

    /// <summary>
    /// Returns the token of the request; null unless the request has exactly one. If there are several, it is unknown
    /// which of them is ours.
    /// </summary>
    public static DeviceToken? Of(HttpRequest request)
    {
        if (
            request.Headers.Cookie.Count == 0
            || !CookieHeaderValue.TryParseList(request.Headers.Cookie, out var cookies)
        )
            return null;
        return cookies.Where(c => c.Name == CookieName).ToArray() is [var only] ? Parse(only.Value.AsSpan()) : null;
    }

    /// <summary>Sets a new token with an answer that no cache stores.</summary>
    /// <remarks>
    /// Every scanned code passes here, so the header is written directly. The 122 random bits come from the kernel,
    /// because OpenSSL takes two and a half times as long for as many bits.
    /// </remarks>
    public static void Leave(HttpContext http) =>
        http.Response.Headers.Append(
            HeaderNames.SetCookie,
            string.Concat(
                CookieName + "=",
                Base64Url.EncodeToString(Guid.NewGuid().ToByteArray()),
                http.Request.IsHttps ? Attributes + "; secure" : Attributes
            )
        );

    /// <summary>
    /// Returns the mark that is stored for the token at this window on this local date: 64 bits. The mark is different
    /// at another window and on another day.
    /// </summary>
    public long MarkAt(int windowId, DateOnly date, TicketKey key)
    {
        var purpose = string.Create(CultureInfo.InvariantCulture, $"device mark {date:yyyy-MM-dd} {windowId}");
        var daily = HKDF.Expand(HashAlgorithmName.SHA256, key.Secret, 32, Encoding.ASCII.GetBytes(purpose));
        return BinaryPrimitives.ReadInt64BigEndian(HMACSHA256.HashData(daily, _bytes));
    }

    private static DeviceToken? Parse(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Length];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var length) == OperationStatus.Done && length == Length
            ? new DeviceToken(bytes)
            : null;
    }
}
