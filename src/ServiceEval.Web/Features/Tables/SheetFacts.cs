using System.IO.Compression;
using System.Xml;

namespace ServiceEval.Web.Features.Tables;

/// <summary>What is found by going through a whole sheet once, before anything of it is taken in.</summary>
/// <param name="Rows">How many it has.</param>
/// <param name="Merged">Cells that are one; null where there are none.</param>
internal sealed record SheetFacts(string Name, ZipArchiveEntry Part, long Rows, string? Merged)
{
    private const int DepthOfRows = 2;

    /// <exception cref="XmlException">It is no XML.</exception>
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
