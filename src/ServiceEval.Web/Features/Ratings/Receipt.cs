using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The code that a citizen gets for a rating: 16 Crockford base32 characters, which are 80 bits that only this service
/// can compute. They are the encrypted beginning of the rating's id. So a service with the key finds the rating by its
/// primary key (decision 0011).
/// </summary>
public readonly record struct Receipt
{
    private const int Length = 16;
    private const int ByteLength = 10;
    private const int LongestTyped = 200;

    // The parts of an id of version 7 (RFC 9562): its time in milliseconds, 42 bits until the year 2109, and the first
    // 38 random bits.
    private const int TimeShift = 16;
    private const ulong Version = 0x7000;
    private const ulong Variant = 1UL << 63;
    private const ulong RandomA = (1UL << 12) - 1;
    private const int RandomBLength = 26;
    private const ulong RandomB = (1UL << RandomBLength) - 1;
    private const int RestLength = 62 - RandomBLength;

    private static readonly SearchValues<char> Crockford = SearchValues.Create("0123456789ABCDEFGHJKMNPQRSTVWXYZ");

    private Receipt(string text) => Text = text;

    public string Text { get; }

    /// <summary>The receipt in groups of four, as people read it aloud.</summary>
    public string Grouped => string.Join('-', Text.Chunk(4).Select(c => new string(c)));

    /// <summary>The SHA-256 of the receipt, 32 bytes. Only this hash is stored.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.ASCII.GetBytes(Text));

    /// <param name="ratingId">An id of version 7.</param>
    public static Receipt Of(TicketKey key, Guid ratingId)
    {
        Span<byte> id = stackalloc byte[16];
        ratingId.TryWriteBytes(id, bigEndian: true, out _);
        var (high, low) = (BinaryPrimitives.ReadUInt64BigEndian(id), BinaryPrimitives.ReadUInt64BigEndian(id[8..]));
        var time = high >> TimeShift;
        var (left, right) = key.ReceiptCipher.Encrypt(
            (
                time >> 2 & 0xFF_FFFF_FFFF,
                (time & 3) << 38 | (high & RandomA) << RandomBLength | low >> RestLength & RandomB
            )
        );

        Span<byte> halves = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(halves, left << 24);
        BinaryPrimitives.WriteUInt64BigEndian(halves[5..], right << 24);
        return new Receipt(SimpleBase.Base32.Crockford.Encode(halves[..ByteLength]));
    }

    /// <summary>
    /// Reads a receipt as a person types or pastes it. It accepts any case, full-width characters, any kind of blanks
    /// and hyphens, O for 0, and I or L for 1. Returns null if the text cannot be a receipt.
    /// </summary>
    public static Receipt? Parse(string text)
    {
        Span<char> canonical = stackalloc char[Length];
        var length = 0;
        if (text.Length > LongestTyped)
            return null;
        foreach (var typed in VisibleText.Of(text))
        {
            // A Chinese keyboard that is set to full width types these characters.
            var c = typed is >= '\uFF01' and <= '\uFF5E' ? (char)(typed - 0xFEE0) : typed;
            if (char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.DashPunctuation || c == '\u2212')
                continue;
            if (length == Length)
                return null;
            canonical[length++] = char.ToUpperInvariant(c) switch
            {
                'O' => '0',
                'I' or 'L' => '1',
                var other => other,
            };
        }
        if (length < Length || canonical.ContainsAnyExcept(Crockford))
            return null;
        return new Receipt(new string(canonical));
    }

    /// <summary>
    /// Returns the first and last id that a rating with this receipt can have if its ticket was signed with
    /// <paramref name="key"/>.
    /// </summary>
    public (Guid First, Guid Last) Ids(TicketKey key)
    {
        Span<byte> halves = stackalloc byte[16];
        SimpleBase.Base32.Crockford.Decode(Text).CopyTo(halves);
        var (left, right) = key.ReceiptCipher.Decrypt(
            (
                BinaryPrimitives.ReadUInt64BigEndian(halves) >> 24,
                BinaryPrimitives.ReadUInt64BigEndian(halves[5..]) >> 24
            )
        );

        var high = (left << 2 | right >> 38) << TimeShift | Version | right >> RandomBLength & RandomA;
        var low = Variant | (right & RandomB) << RestLength;
        return (Id(high, low), Id(high, low | (1UL << RestLength) - 1));
    }

    public override string ToString() => Text;

    private static Guid Id(ulong high, ulong low)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(id, high);
        BinaryPrimitives.WriteUInt64BigEndian(id[8..], low);
        return new Guid(id, bigEndian: true);
    }
}
