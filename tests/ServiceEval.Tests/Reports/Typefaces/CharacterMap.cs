using System.Buffers.Binary;

namespace ServiceEval.Tests.Reports.Typefaces;

/// <summary>Reads the table <c>cmap</c> of a font, which maps characters to glyphs.</summary>
internal static class CharacterMap
{
    /// <summary>Returns the glyphs by code point, from the subtable that covers most of Unicode.</summary>
    public static Dictionary<int, int> Read(ReadOnlySpan<byte> table)
    {
        var best = ReadOnlySpan<byte>.Empty;
        for (var i = 0; i < Word(table, 2); i++)
        {
            var subtable = table[Long(table, 4 + 8 * i + 4)..];
            if (Word(subtable, 0) == 12)
                return Segmented32(subtable);
            if (Word(subtable, 0) == 4)
                best = subtable;
        }
        return best.IsEmpty ? throw new InvalidDataException("The font does not map Unicode.") : Segmented16(best);
    }

    private static Dictionary<int, int> Segmented32(ReadOnlySpan<byte> subtable)
    {
        var map = new Dictionary<int, int>();
        for (var at = 16; at < 16 + 12 * Long(subtable, 12); at += 12)
        {
            var (first, last, glyph) = (Long(subtable, at), Long(subtable, at + 4), Long(subtable, at + 8));
            for (var character = first; character <= last; character++)
                map[character] = glyph + character - first;
        }
        return map;
    }

    private static Dictionary<int, int> Segmented16(ReadOnlySpan<byte> subtable)
    {
        var map = new Dictionary<int, int>();
        var twice = Word(subtable, 6);
        for (var i = 0; i < twice; i += 2)
        {
            var (last, first) = (Word(subtable, 14 + i), Word(subtable, 16 + twice + i));
            var (delta, range) = (Word(subtable, 16 + 2 * twice + i), Word(subtable, 16 + 3 * twice + i));
            for (var character = first; character <= last && character != 0xffff; character++)
            {
                var glyph =
                    range == 0 ? character : Word(subtable, 16 + 3 * twice + i + range + 2 * (character - first));
                if (glyph != 0)
                    map[character] = (glyph + delta) & 0xffff;
            }
        }
        return map;
    }

    private static int Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static int Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
}
