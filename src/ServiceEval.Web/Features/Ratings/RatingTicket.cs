using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>The signed, single-use right to give one rating. Times are cut to the second.</summary>
public sealed record RatingTicket(
    Guid RatingId,
    int WindowId,
    Tier Tier,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt,
    TicketKey Key
)
{
    /// <summary>64 characters of base64url: 32 bytes of payload and the first 16 bytes of their HMAC-SHA256.</summary>
    public const int TextLength = 64;

    private const int PayloadLength = 32;
    private const int MacLength = 16;
    private const byte Version = 1;

    /// <summary>The receipt of the rating that this ticket gives. A replay gets the same receipt.</summary>
    public Receipt Receipt => Receipt.Of(Key, RatingId);

    /// <summary>The time to the millisecond, taken from the rating's id of version 7.</summary>
    public DateTimeOffset OpenedAt
    {
        get
        {
            Span<byte> id = stackalloc byte[16];
            RatingId.TryWriteBytes(id, bigEndian: true, out _);
            return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(id) >> 16);
        }
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[PayloadLength + MacLength];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], (ushort)Key.Id);
        RatingId.TryWriteBytes(bytes[3..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes[19..], WindowId);
        bytes[23] = (byte)Tier;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[24..], (uint)IssuedAt.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32BigEndian(bytes[28..], (uint)ExpiresAt.ToUnixTimeSeconds());
        Key.Sign(bytes[..PayloadLength], bytes[PayloadLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Returns null if the text is not one of our tickets.</summary>
    public static RatingTicket? Parse(string text, TicketKeys keys)
    {
        Span<byte> bytes = stackalloc byte[PayloadLength + MacLength];
        if (
            text.Length != TextLength
            || Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done
            || length != bytes.Length
        )
            return null;
        if (bytes[0] != Version || keys.Find(BinaryPrimitives.ReadUInt16BigEndian(bytes[1..])) is not { } key)
            return null;

        Span<byte> mac = stackalloc byte[MacLength];
        key.Sign(bytes[..PayloadLength], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[PayloadLength..]))
            return null;

        return new RatingTicket(
            new Guid(bytes[3..19], bigEndian: true),
            BinaryPrimitives.ReadInt32BigEndian(bytes[19..]),
            (Tier)bytes[23],
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[24..])),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[28..])),
            key
        );
    }
}
