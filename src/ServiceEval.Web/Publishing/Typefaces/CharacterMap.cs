using System.Buffers.Binary;

namespace ServiceEval.Web.Publishing.Typefaces;

/// <summary>Reads and writes the table <c>cmap</c> of a font, which maps characters to glyphs.</summary>
public static class CharacterMap
{
    public static Dictionary<int, int> Of(byte[] font) => Read(TrueTypeSubset.Tables(font)["cmap"].Span);

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

    /// <summary>Writes the table with one subtable of format 12.</summary>
    public static byte[] Write(IReadOnlyCollection<KeyValuePair<int, int>> glyphs)
    {
        const int Head = 12,
            SubHead = 16,
            Group = 12;
        var table = new byte[Head + SubHead + Group * glyphs.Count];
        void Put(int at, int value) => BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(at), value);
        BinaryPrimitives.WriteInt16BigEndian(table.AsSpan(2), 1);
        Put(4, 3 << 16 | 10);
        Put(8, Head);
        BinaryPrimitives.WriteInt16BigEndian(table.AsSpan(Head), 12);
        Put(Head + 4, table.Length - Head);
        Put(Head + 12, glyphs.Count);
        foreach (var (index, (character, glyph)) in glyphs.OrderBy(g => g.Key).Index())
        {
            var at = Head + SubHead + Group * index;
            Put(at, character);
            Put(at + 4, character);
            Put(at + 8, glyph);
        }
        return table;
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
