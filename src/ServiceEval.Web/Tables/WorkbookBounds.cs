using System.IO.Compression;
using System.Xml;

namespace ServiceEval.Web.Tables;

/// <summary>
/// Checks that a workbook can be read in little memory. A small file can unpack to a huge size (zip bomb). First the
/// declared sizes are checked. Then each part is read through a <see cref="PieceStream"/>, because a declared size can
/// be false and says nothing about the size of a single cell.
/// </summary>
internal static class WorkbookBounds
{
    /// <summary>
    /// The maximum size of one row or one shared string in bytes. An Excel cell holds at most 32,767 characters.
    /// </summary>
    public const int MaxPiece = 2 << 20;

    public static readonly XmlReaderSettings Xml = new()
    {
        IgnoreComments = true,
        IgnoreWhitespace = true,
        IgnoreProcessingInstructions = true,
    };

    private const int MaxEntries = 1_000;

    /// <summary>
    /// The maximum unpacked size in bytes. A full sheet of ratings takes half of it and compresses to a tenth or a
    /// twentieth.
    /// </summary>
    private const long MaxUnpacked = 1L << 30;
    private const int MaxRatio = 100;

    /// <summary>Below this unpacked size in bytes, the compression ratio is not checked.</summary>
    private const long Harmless = 16L << 20;

    /// <exception cref="UnreadableTableException">The workbook unpacks to more than a table can contain.</exception>
    public static void Check(ZipArchive zip, long length)
    {
        if (zip.Entries.Count > MaxEntries)
            throw TooMuch($"含有 {zip.Entries.Count} 个部件");
        var unpacked = zip.Entries.Sum(e => e.Length);
        if (unpacked > MaxUnpacked || (unpacked > Harmless && unpacked / length > MaxRatio))
            throw TooMuch($"只有 {length >> 10} KiB，解压后却有 {unpacked >> 20} MiB");
    }

    public static UnreadableTableException TooMuch(string what) =>
        new($"XLSX 文件{what}，不像一张表，请另存为 CSV 后再导入");
}

/// <summary>
/// Limits the bytes of each piece of a part. The reader calls Restart at the start of a new piece.
/// </summary>
internal sealed class PieceStream(Stream part, string name, int most) : Stream
{
    private readonly int _most = most;
    private int _left = most;

    // A stream that can only be read forwards. The members for seeking and writing throw, as the contract of Stream
    // requires if CanSeek and CanWrite are false.
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Restart() => _left = _most;

    public override int Read(Span<byte> buffer)
    {
        if (_left <= 0)
            throw WorkbookBounds.TooMuch($"的部件 {name} 中有一行或一格超过 {_most >> 20} MiB");
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
        if (disposing)
            part.Dispose();
        base.Dispose(disposing);
    }
}
