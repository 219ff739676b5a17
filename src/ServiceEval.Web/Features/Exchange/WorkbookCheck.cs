using System.IO.Compression;
using System.Xml;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// Whether a workbook can be read in little memory. A small file may unpack to anything: first what it declares is looked at,
/// then each large part is read through once, for what it declares may be untrue and its size says nothing of a single cell's.
/// </summary>
internal static class WorkbookCheck
{
    private const int MaxEntries = 1_000;

    /// <summary>A full sheet of ratings takes half of it, and is packed to a tenth or twentieth.</summary>
    private const long MaxUnpacked = 1L << 30;
    private const int MaxRatio = 100;

    /// <summary>Below this much unpacked the ratio does not matter.</summary>
    private const long Harmless = 16L << 20;

    /// <summary>Of a part that the reader takes into memory whole.</summary>
    private const long MaxSmallPart = 8L << 20;

    /// <summary>Of a single row or shared text: an Excel cell holds 32,767 characters.</summary>
    private const int MaxPiece = 2 << 20;

    private static readonly XmlReaderSettings Xml = new() { IgnoreComments = true, IgnoreWhitespace = true, IgnoreProcessingInstructions = true };

    /// <summary>How many rows its sheets have.</summary>
    /// <exception cref="StartException">It unpacks to more than a table of ratings can.</exception>
    /// <exception cref="InvalidDataException">It is no zip.</exception>
    /// <exception cref="XmlException">A part is no XML.</exception>
    public static long CountRows(Stream stream, CancellationToken ct)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        if (zip.Entries.Count > MaxEntries) throw TooMuch($"含有 {zip.Entries.Count} 个部件");
        var unpacked = zip.Entries.Sum(e => e.Length);
        if (unpacked > MaxUnpacked || (unpacked > Harmless && unpacked / stream.Length > MaxRatio))
            throw TooMuch($"只有 {stream.Length >> 10} KiB，解压后却有 {unpacked >> 20} MiB");

        var rows = 0L;
        foreach (var part in zip.Entries)
        {
            ct.ThrowIfCancellationRequested();
            if (IsSheet(part)) rows += Walk(part, depthOfPieces: 2, ct);
            else if (Is(part, "xl/sharedStrings.xml")) Walk(part, depthOfPieces: 1, ct);
            else if ((Is(part, "xl/workbook.xml") || Is(part, "xl/_rels/workbook.xml.rels") || Is(part, "xl/styles.xml")) && part.Length > MaxSmallPart)
                throw TooMuch($"的部件 {part.FullName} 有 {part.Length >> 20} MiB");
        }
        return rows;
    }

    private static bool IsSheet(ZipArchiveEntry part) => part.FullName.TrimStart('/').StartsWith("xl/worksheets/sheet", StringComparison.OrdinalIgnoreCase);

    private static bool Is(ZipArchiveEntry part, string name) => part.FullName.Replace('\\', '/').TrimStart('/').Equals(name, StringComparison.OrdinalIgnoreCase);

    private static long Walk(ZipArchiveEntry part, int depthOfPieces, CancellationToken ct)
    {
        using var pieces = new PieceStream(part.Open(), part.FullName);
        using var reader = XmlReader.Create(pieces, Xml);
        var rows = 0L;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth > depthOfPieces) continue;
            pieces.Restart();
            if (reader.Depth == depthOfPieces && reader.LocalName == "row" && ++rows % 1000 == 0) ct.ThrowIfCancellationRequested();
        }
        return rows;
    }

    private static StartException TooMuch(string what) => new($"XLSX 文件{what}，不像评价表，请另存为 CSV 后再导入，没有导入任何内容。");

    /// <summary>Hands out only so much before it is told that a piece has ended.</summary>
    private sealed class PieceStream(Stream part, string name) : Stream
    {
        private int _left = MaxPiece;

        // Read forwards only, as CanSeek and CanWrite say: what belongs to the others is never asked for.
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Restart() => _left = MaxPiece;

        public override int Read(Span<byte> buffer)
        {
            if (_left <= 0) throw TooMuch($"的部件 {name} 中有一行或一格超过 {MaxPiece >> 20} MiB");
            var count = part.Read(buffer[..Math.Min(buffer.Length, _left)]);
            _left -= count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) part.Dispose();
            base.Dispose(disposing);
        }
    }
}
