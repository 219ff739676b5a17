using System.Security.Cryptography;
using System.Text;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The id of an imported rating: a UUIDv8 of source and external id only, so that a repeated import finds the rating.
/// If external ids differ only at their end, their ids begin with the same bytes. So neighbours in the file are
/// neighbours in the B-tree of the primary key.
/// </summary>
internal static class ImportId
{
    private const int CharactersOfNeighbours = 3;
    private const int BytesAlike = 6;

    public static Guid Of(string source, string externalId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> id = stackalloc byte[16];
        Hash(
            "serviceeval/import/neighbours",
            source,
            externalId.AsSpan(0, Math.Max(0, externalId.Length - CharactersOfNeighbours)),
            hash
        );
        hash[..BytesAlike].CopyTo(id);
        Hash("serviceeval/import/rating", source, externalId, hash);
        hash[..(16 - BytesAlike)].CopyTo(id[BytesAlike..]);
        id[6] = (byte)(0x80 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id, bigEndian: true);
    }

    /// <summary>
    /// Hashes the parts with a zero character between them. Purpose and source cannot contain this character, so the
    /// result is unambiguous.
    /// </summary>
    private static void Hash(string purpose, string source, ReadOnlySpan<char> text, Span<byte> hash)
    {
        Span<char> joined = stackalloc char[purpose.Length + source.Length + text.Length + 2];
        joined.TryWrite($"{purpose}\0{source}\0{text}", out var written);
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(written)];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(joined[..written], bytes)], hash);
    }
}
