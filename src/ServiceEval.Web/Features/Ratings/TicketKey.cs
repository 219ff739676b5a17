using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace ServiceEval.Web.Features.Ratings;

/// <param name="Id">From 1; part of every ticket.</param>
/// <param name="Secret">32 random bytes.</param>
[SuppressMessage("Design", "CA1001", Justification = "Left to the finalizers: one set at each rotation.")]
public sealed record TicketKey(int Id, byte[] Secret, DateTimeOffset CreatedAt)
{
    public const int SecretLength = 32;

    // The one-shot method sets a MAC up anew for every ticket, which took more than twice as long.
    private readonly ThreadLocal<IncrementalHash> _mac = new(() =>
        IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Secret)
    );
    private Ff1? _receiptCipher;

    /// <summary>Its own key, so that a receipt says nothing of a ticket's MAC.</summary>
    [JsonIgnore]
    internal Ff1 ReceiptCipher =>
        _receiptCipher ??= new Ff1(HKDF.Expand(HashAlgorithmName.SHA256, Secret, 32, "receipt"u8.ToArray()));

    /// <param name="mac">Gets as many bytes of the payload's HMAC-SHA256 as it has room for; no more than 32
    /// long.</param>
    internal void Sign(ReadOnlySpan<byte> payload, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var own = _mac.Value!;
        own.AppendData(payload);
        own.GetHashAndReset(whole);
        whole[..mac.Length].CopyTo(mac);
    }
}
