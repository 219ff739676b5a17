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
