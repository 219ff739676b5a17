using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ServiceEval.Tests.Reports.Typefaces;

/// <summary>Reads tables of WOFF 2.0 that are not transformed, by the recommendation of the W3C.</summary>
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

    private static byte[] Unpack(Stream packed)
    {
        using var from = packed;
        using var unpacked = new MemoryStream();
        from.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
