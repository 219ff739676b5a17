using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace ServiceEval.Web.Features.Ratings;

/// <param name="Id">The id, from 1; every ticket contains it.</param>
/// <param name="Secret">32 random bytes.</param>
[SuppressMessage("Design", "CA1001", Justification = "Left to the finalizers: one set at each rotation.")]
public sealed record TicketKey(int Id, byte[] Secret, DateTimeOffset CreatedAt)
{
    public const int SecretLength = 32;

    // The one-shot method sets up a MAC for every ticket. That took more than twice as long.
    private readonly ThreadLocal<IncrementalHash> _mac = new(() =>
        IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Secret)
    );
    private Ff1? _receiptCipher;

    /// <summary>The cipher has a key of its own, so that a receipt reveals nothing about a ticket's MAC.</summary>
    [JsonIgnore]
    internal Ff1 ReceiptCipher =>
        _receiptCipher ??= new Ff1(HKDF.Expand(HashAlgorithmName.SHA256, Secret, 32, "receipt"u8.ToArray()));

    /// <param name="mac">Receives the first bytes of the payload's HMAC-SHA256, as many as fit. It has at most 32
    /// bytes.</param>
    internal void Sign(ReadOnlySpan<byte> payload, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var own = _mac.Value!;
        own.AppendData(payload);
        own.GetHashAndReset(whole);
        whole[..mac.Length].CopyTo(mac);
    }
}
