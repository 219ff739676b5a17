using System.Buffers.Binary;
using System.Text;

namespace ServiceEval.Web.Publishing.Typefaces;

/// <summary>
/// Builds a TrueType font with the outlines of some characters only. Glyphs keep their numbers, so that references to
/// them stay correct. The other glyphs are empty.
/// </summary>
public static class TrueTypeSubset
{
    private static readonly string[] Kept =
    [
        "OS/2",
        "cvt ",
        "fpgm",
        "gasp",
        "head",
        "hhea",
        "hmtx",
        "maxp",
        "name",
        "post",
        "prep",
    ];

    public static IReadOnlyDictionary<string, byte[]> Of(byte[] font, IReadOnlySet<int> characters)
    {
        var tables = Tables(font);
        var glyphs = CharacterMap.Read(tables["cmap"].Span).Where(m => characters.Contains(m.Key)).ToList();
        var subset = Kept.Where(tables.ContainsKey).ToDictionary(tag => tag, tag => tables[tag].ToArray());
        (subset["glyf"], subset["loca"]) = Outlines(tables, [0, .. glyphs.Select(g => g.Value)]);
        subset["cmap"] = CharacterMap.Write(glyphs);
        // The offsets now have the long format.
        BinaryPrimitives.WriteInt16BigEndian(subset["head"].AsSpan(50), 1);
        return subset;
    }

    internal static Dictionary<string, ReadOnlyMemory<byte>> Tables(byte[] font)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(font.AsSpan(4));
        return Enumerable
            .Range(0, count)
            .Select(i => 12 + 16 * i)
            .ToDictionary(
                entry => Encoding.ASCII.GetString(font, entry, 4),
                entry => new ReadOnlyMemory<byte>(
                    font,
                    BinaryPrimitives.ReadInt32BigEndian(font.AsSpan(entry + 8)),
                    BinaryPrimitives.ReadInt32BigEndian(font.AsSpan(entry + 12))
                )
            );
    }

    private static (byte[] Glyf, byte[] Loca) Outlines(
        Dictionary<string, ReadOnlyMemory<byte>> tables,
        HashSet<int> wanted
    )
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(tables["maxp"].Span[4..]);
        var isLong = BinaryPrimitives.ReadInt16BigEndian(tables["head"].Span[50..]) == 1;
        int Offset(int glyph) =>
            isLong
                ? BinaryPrimitives.ReadInt32BigEndian(tables["loca"].Span[(4 * glyph)..])
                : 2 * BinaryPrimitives.ReadUInt16BigEndian(tables["loca"].Span[(2 * glyph)..]);
        ReadOnlyMemory<byte> Outline(int glyph) => tables["glyf"][Offset(glyph)..Offset(glyph + 1)];

        var pending = new Stack<int>(wanted);
        while (pending.TryPop(out var glyph))
        {
            foreach (var part in Parts(Outline(glyph).Span).Where(wanted.Add))
                pending.Push(part);
        }

        using var glyf = new MemoryStream();
        var loca = new byte[4 * (count + 1)];
        for (var glyph = 0; glyph < count; glyph++)
        {
            if (wanted.Contains(glyph))
                glyf.Write(Outline(glyph).Span);
            while (glyf.Length % 4 != 0)
                glyf.WriteByte(0);
            BinaryPrimitives.WriteInt32BigEndian(loca.AsSpan(4 * (glyph + 1)), (int)glyf.Length);
        }
        return (glyf.ToArray(), loca);
    }

    /// <summary>Returns the glyphs that a composite glyph consists of.</summary>
    private static List<int> Parts(ReadOnlySpan<byte> outline)
    {
        const int WordArguments = 0x0001,
            Scale = 0x0008,
            More = 0x0020,
            TwoScales = 0x0040,
            Matrix = 0x0080;
        var parts = new List<int>();
        if (outline.Length < 10 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0)
            return parts;
        for (var (at, flags) = (10, More); (flags & More) != 0; )
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
            parts.Add(BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]));
            at +=
                4
                + ((flags & WordArguments) != 0 ? 4 : 2)
                + (
                    (flags & Scale) != 0 ? 2
                    : (flags & TwoScales) != 0 ? 4
                    : (flags & Matrix) != 0 ? 8
                    : 0
                );
        }
        return parts;
    }
}
