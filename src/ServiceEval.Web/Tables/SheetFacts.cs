using System.IO.Compression;
using System.Xml;

namespace ServiceEval.Web.Tables;

/// <summary>The result of one pass over a whole sheet, which runs before any row is read.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Merged">The range of the first merged cell; null if no cells are merged.</param>
internal sealed record SheetFacts(string Name, ZipArchiveEntry Part, long Rows, string? Merged)
{
    private const int DepthOfRows = 2;

    /// <exception cref="XmlException">The sheet is not valid XML.</exception>
    public static SheetFacts Of(SheetPart sheet, CancellationToken ct)
    {
        using var pieces = new PieceStream(sheet.Part.Open(), sheet.Part.FullName, WorkbookBounds.MaxPiece);
        using var reader = XmlReader.Create(pieces, WorkbookBounds.Xml);
        var (rows, merged) = (0L, (string?)null);
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth > DepthOfRows)
                continue;
            pieces.Restart();
            if (reader.LocalName == "mergeCell")
                merged ??= reader.GetAttribute("ref");
            if (reader.LocalName == "row" && ++rows % 1000 == 0)
                ct.ThrowIfCancellationRequested();
        }
        return new SheetFacts(sheet.Name, sheet.Part, rows, merged);
    }
}
