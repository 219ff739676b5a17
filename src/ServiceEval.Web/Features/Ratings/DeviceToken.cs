using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The random token that a window's page leaves with a phone, so that several ratings from it at one window can be told
/// (疑似重复). It says nothing about the phone, and is never stored here: a <see cref="DeviceMark"/> is (decision 0014).
/// </summary>
public sealed class DeviceToken
{
    // So long because whatever else is on the same domain has cookies too.
    private const string CookieName = "serviceeval-device";
    private const int Length = 16;

    // Only ratings of one date are compared, so a longer life could serve nothing but following somebody.
    private const string Attributes = "; max-age=86400; path=/w; samesite=lax; httponly";

    private readonly byte[] _bytes;

    private DeviceToken(byte[] bytes) => _bytes = bytes;

    /// <summary>Null unless the request brings exactly one: nobody can say which of several is ours.</summary>
    public static DeviceToken? Of(HttpRequest request)
    {
        if (
            request.Headers.Cookie.Count == 0
            || !CookieHeaderValue.TryParseList(request.Headers.Cookie, out var cookies)
        )
            return null;
        return cookies.Where(c => c.Name == CookieName).ToArray() is [var only] ? Parse(only.Value.AsSpan()) : null;
    }

    /// <summary>Leaves a new one with an answer that no cache keeps.</summary>
    /// <remarks>
    /// Every scanned code passes here, so the header is written out, and the 122 random bits are the kernel's: OpenSSL
    /// takes two and a half times as long for as many.
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
    /// What is stored of it at this window on this local date: 64 bits, different at any other window and on any other
    /// day.
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
