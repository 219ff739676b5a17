using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ServiceEval.Web.Publishing.Typefaces;

/// <summary>Writes the tables of a font, compressed, into one file of format WOFF 1.0.</summary>
public static class Woff
{
    private const int HeaderLength = 44;
    private const int EntryLength = 20;
    private const uint TrueType = 0x00010000;

    public static byte[] Of(IReadOnlyDictionary<string, byte[]> tables)
    {
        var packed = tables
            .OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => (Tag: t.Key, Table: t.Value, Packed: Pack(t.Value)))
            .ToList();
        var woff = new byte[HeaderLength + EntryLength * packed.Count + packed.Sum(t => Aligned(t.Packed.Length))];
        var offset = HeaderLength + EntryLength * packed.Count;
        foreach (var (index, (tag, table, data)) in packed.Index())
        {
            var entry = woff.AsSpan(HeaderLength + EntryLength * index, EntryLength);
            Encoding.ASCII.GetBytes(tag, entry);
            Write(entry[4..], offset, data.Length, table.Length);
            BinaryPrimitives.WriteUInt32BigEndian(entry[16..], Checksum(table));
            data.CopyTo(woff, offset);
            offset += Aligned(data.Length);
        }
        Encoding.ASCII.GetBytes("wOFF", woff);
        BinaryPrimitives.WriteUInt32BigEndian(woff.AsSpan(4), TrueType);
        Write(woff.AsSpan(8), woff.Length);
        BinaryPrimitives.WriteUInt16BigEndian(woff.AsSpan(12), (ushort)packed.Count);
        Write(woff.AsSpan(16), 12 + 16 * packed.Count + packed.Sum(t => Aligned(t.Table.Length)));
        return woff;
    }

    /// <summary>Compresses a table. A table that does not become smaller is stored uncompressed.</summary>
    private static byte[] Pack(byte[] table)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(table);
        return packed.Length < table.Length ? packed.ToArray() : table;
    }

    private static uint Checksum(byte[] table)
    {
        var sum = 0u;
        var word = new byte[4];
        foreach (var chunk in table.Chunk(4))
        {
            word.AsSpan().Clear();
            chunk.CopyTo(word, 0);
            sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(word));
        }
        return sum;
    }

    private static void Write(Span<byte> target, params ReadOnlySpan<int> values)
    {
        foreach (var (index, value) in values.ToArray().Index())
            BinaryPrimitives.WriteInt32BigEndian(target[(4 * index)..], value);
    }

    private static int Aligned(int length) => (length + 3) & ~3;
}
