using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ServiceEval.Tests.Reports.Typefaces;

/// <summary>
/// Reads WOFF 1.0, and WOFF 2.0 with tables that are not transformed, by the recommendations of the W3C. It shares no
/// code with the writer.
/// </summary>
internal static class WoffFile
{
    // The order is that of the recommendation, 5.1.
    private static readonly string[] KnownTags =
    [
        .. "cmap head hhea hmtx maxp name OS/2 post".Split(' '),
        "cvt ",
        .. "fpgm glyf loca prep".Split(' '),
        "CFF ",
        .. "VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL".Split(
            ' '
        ),
        "SVG ",
        .. "sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill".Split(
            ' '
        ),
    ];

    /// <summary>Returns the tables. Asserts that the header and the directory describe them correctly.</summary>
    public static Dictionary<string, byte[]> Read(byte[] woff)
    {
        int Long(int at) => BinaryPrimitives.ReadInt32BigEndian(woff.AsSpan(at));
        var count = BinaryPrimitives.ReadUInt16BigEndian(woff.AsSpan(12));
        Assert.Equal("wOFF", Encoding.ASCII.GetString(woff, 0, 4));
        Assert.Equal(0x00010000, Long(4));
        Assert.Equal(woff.Length, Long(8));
        Assert.Equal(0, woff.Length % 4);

        var tables = new Dictionary<string, byte[]>();
        var next = 44 + 20 * count;
        foreach (var entry in Enumerable.Range(0, count).Select(i => 44 + 20 * i))
        {
            var (tag, offset, packedLength, length) = (
                Encoding.ASCII.GetString(woff, entry, 4),
                Long(entry + 4),
                Long(entry + 8),
                Long(entry + 12)
            );
            Assert.Equal(next, offset);
            Assert.True(packedLength <= length, $"{tag} is larger packed.");
            var packed = woff.AsSpan(offset, packedLength).ToArray();
            tables[tag] =
                packedLength == length
                    ? packed
                    : Unpack(new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress));
            Assert.Equal(length, tables[tag].Length);
            Assert.Equal(Checksum(tables[tag]), BinaryPrimitives.ReadUInt32BigEndian(woff.AsSpan(entry + 16)));
            next = offset + (packedLength + 3) / 4 * 4;
        }
        Assert.Equal(woff.Length, next);
        Assert.Equal(tables.Keys.Order(StringComparer.Ordinal), tables.Keys);
        Assert.Equal(Sfnt(tables).Length, Long(16));
        return tables;
    }

    /// <summary>Returns a table of a WOFF 2.0 file that is stored without a transformation.</summary>
    public static byte[] TableOf2(byte[] woff2, string wanted)
    {
        Assert.Equal("wOF2", Encoding.ASCII.GetString(woff2, 0, 4));
        var (count, packedLength) = (
            BinaryPrimitives.ReadUInt16BigEndian(woff2.AsSpan(12)),
            BinaryPrimitives.ReadInt32BigEndian(woff2.AsSpan(20))
        );
        var at = 48;
        var (offset, found) = (0, (Offset: -1, Length: 0));
        for (var i = 0; i < count; i++)
        {
            var flags = woff2[at++];
            var tag = (flags & 63) == 63 ? Encoding.ASCII.GetString(woff2, (at += 4) - 4, 4) : KnownTags[flags & 63];
            var length = Base128(woff2, ref at);
            // glyf and loca are transformed unless their version is 3. All other tables are transformed unless their
            // version is 0.
            if (tag is "glyf" or "loca" ? flags >> 6 != 3 : flags >> 6 != 0)
                length = Base128(woff2, ref at);
            if (tag == wanted)
                found = (offset, length);
            offset += length;
        }
        var tables = Unpack(new BrotliStream(new MemoryStream(woff2, at, packedLength), CompressionMode.Decompress));
        Assert.Equal(offset, tables.Length);
        return tables.AsSpan(found.Offset, found.Length).ToArray();
    }

    /// <summary>Writes the tables as one font file, for other readers.</summary>
    public static byte[] Sfnt(IReadOnlyDictionary<string, byte[]> tables)
    {
        var font = new byte[12 + 16 * tables.Count + tables.Values.Sum(t => (t.Length + 3) / 4 * 4)];
        BinaryPrimitives.WriteInt32BigEndian(font, 0x00010000);
        BinaryPrimitives.WriteInt16BigEndian(font.AsSpan(4), (short)tables.Count);
        var offset = 12 + 16 * tables.Count;
        foreach (var (index, (tag, table)) in tables.OrderBy(t => t.Key, StringComparer.Ordinal).Index())
        {
            var entry = font.AsSpan(12 + 16 * index);
            Encoding.ASCII.GetBytes(tag, entry);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Checksum(table));
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], offset);
            BinaryPrimitives.WriteInt32BigEndian(entry[12..], table.Length);
            table.CopyTo(font, offset);
            offset += (table.Length + 3) / 4 * 4;
        }
        return font;
    }

    private static int Base128(byte[] bytes, ref int at)
    {
        var value = 0;
        while (true)
        {
            value = value << 7 | bytes[at] & 127;
            if ((bytes[at++] & 128) == 0)
                return value;
        }
    }

    private static uint Checksum(byte[] table)
    {
        var sum = 0u;
        foreach (var (index, value) in table.Index())
            sum = unchecked(sum + ((uint)value << 8 * (3 - index % 4)));
        return sum;
    }

    private static byte[] Unpack(Stream packed)
    {
        using var from = packed;
        using var unpacked = new MemoryStream();
        from.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
