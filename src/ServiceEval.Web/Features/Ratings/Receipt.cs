using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>What a citizen gets for a rating: 16 Crockford base32 characters, 80 bits that only we can compute.</summary>
public readonly record struct Receipt
{
    private const int Length = 16;

    private static readonly SearchValues<char> Crockford = SearchValues.Create("0123456789ABCDEFGHJKMNPQRSTVWXYZ");

    private Receipt(string text) => Text = text;

    public string Text { get; }

    /// <summary>In fours, as people read it aloud.</summary>
    public string Grouped => string.Join('-', Text.Chunk(4).Select(c => new string(c)));

    /// <summary>SHA-256, 32 bytes: all that is stored.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.ASCII.GetBytes(Text));

    public static Receipt Of(TicketKey key, Guid ratingId)
    {
        Span<byte> input = stackalloc byte[7 + 16];
        "receipt"u8.CopyTo(input);
        ratingId.TryWriteBytes(input[7..], bigEndian: true, out _);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, input, mac);
        return new Receipt(SimpleBase.Base32.Crockford.Encode(mac[..10]));
    }

    /// <summary>As a person types it: any case, with or without hyphens, O for 0 and I or L for 1. Null if it can't be one.</summary>
    public static Receipt? Parse(string text)
    {
        Span<char> canonical = stackalloc char[Length];
        var length = 0;
        foreach (var c in text)
        {
            if (c is '-' or ' ') continue;
            if (length == Length) return null;
            canonical[length++] = char.ToUpperInvariant(c) switch { 'O' => '0', 'I' or 'L' => '1', var other => other };
        }
        if (length < Length || canonical.ContainsAnyExcept(Crockford)) return null;
        return new Receipt(new string(canonical));
    }

    public override string ToString() => Text;
}
