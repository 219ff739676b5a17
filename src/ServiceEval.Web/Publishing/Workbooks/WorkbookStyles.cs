using System.Xml.Linq;

namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>
/// Sets how cells look: the header is bold and has a line, text wraps from the top left, figures are on the right.
/// </summary>
internal static class WorkbookStyles
{
    private const string Head = "1";

    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    public static string Code(SheetFormat format) =>
        format switch
        {
            // With this format Excel does not convert the text, even if a user edits it.
            SheetFormat.Text => "@",
            SheetFormat.Count => "#,##0",
            // As on the page: 100% and 0% have no decimals.
            SheetFormat.Rate => "[=1]0%;[=0]0%;0.0%",
            SheetFormat.Number => "0.00",
            SheetFormat.Points => "+0.0;-0.0;0.0",
            SheetFormat.Part => "+0.00;-0.00;0.00",
            SheetFormat.Probability => "0.0000",
            SheetFormat.Date => "yyyy-mm-dd",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
        };

    /// <summary>
    /// Rewrites MiniExcel's styles. Their order and their formats stay, and everything else is replaced by ours.
    /// </summary>
    public static void Rewrite(Stream from, Stream to)
    {
        var written = XDocument.Load(from).Root!;
        var formats = written
            .Descendants(Main + "numFmt")
            .ToDictionary(f => (string)f.Attribute("numFmtId")!, f => (string)f.Attribute("formatCode")!);
        var cells = written
            .Element(Main + "cellXfs")!
            .Elements()
            .Select((xf, i) => Cell((string)xf.Attribute("numFmtId")!, formats, isHead: i == 1));
        new XDocument(
            new XElement(
                Main + "styleSheet",
                Counted(
                    "numFmts",
                    [
                        .. formats.Select(f => new XElement(
                            Main + "numFmt",
                            new XAttribute("numFmtId", f.Key),
                            new XAttribute("formatCode", f.Value)
                        )),
                    ]
                ),
                Counted("fonts", Font(bold: false), Font(bold: true)),
                Counted("fills", Fill("none"), Fill("gray125"), Fill("solid")),
                Counted("borders", Border(ruled: false), Border(ruled: true)),
                Counted("cellStyleXfs", Xf("0")),
                Counted("cellXfs", [.. cells]),
                Counted(
                    "cellStyles",
                    new XElement(
                        Main + "cellStyle",
                        new XAttribute("name", "Normal"),
                        new XAttribute("xfId", 0),
                        new XAttribute("builtinId", 0)
                    )
                )
            )
        ).Save(to, SaveOptions.DisableFormatting);
    }

    private static XElement Cell(string format, Dictionary<string, string> formats, bool isHead)
    {
        if (isHead)
        {
            return Xf(
                "0",
                new XAttribute("xfId", 0),
                new XAttribute("fontId", Head),
                new XAttribute("fillId", 2),
                new XAttribute("applyFill", 1),
                new XAttribute("borderId", Head),
                new XAttribute("applyBorder", 1),
                Aligned("center", "center")
            );
        }
        return Xf(
            format,
            new XAttribute("xfId", 0),
            new XAttribute("applyNumberFormat", 1),
            formats.GetValueOrDefault(format) switch
            {
                // The indent keeps the text apart from the figures before it.
                null or "@" => Aligned("left", "top", indent: 1),
                "yyyy-mm-dd" => Aligned("center", "top"),
                _ => Aligned("right", "top"),
            }
        );
    }

    private static object[] Aligned(string horizontal, string vertical, int indent = 0) =>
        [
            new XAttribute("applyAlignment", 1),
            new XElement(
                Main + "alignment",
                new XAttribute("horizontal", horizontal),
                new XAttribute("vertical", vertical),
                new XAttribute("wrapText", 1),
                new XAttribute("indent", indent)
            ),
        ];

    private static XElement Xf(string format, params object[] content) =>
        new(Main + "xf", new XAttribute("numFmtId", format), content);

    private static XElement Font(bool bold) =>
        new(
            Main + "font",
            bold ? new XElement(Main + "b") : null,
            new XElement(Main + "sz", new XAttribute("val", 11)),
            new XElement(Main + "name", new XAttribute("val", "等线")),
            new XElement(Main + "charset", new XAttribute("val", 134))
        );

    private static XElement Fill(string pattern) =>
        new(
            Main + "fill",
            new XElement(
                Main + "patternFill",
                new XAttribute("patternType", pattern),
                pattern == "solid" ? new XElement(Main + "fgColor", new XAttribute("rgb", "FFF4F6F8")) : null
            )
        );

    private static XElement Border(bool ruled) =>
        new(
            Main + "border",
            new XElement(Main + "left"),
            new XElement(Main + "right"),
            new XElement(Main + "top"),
            ruled
                ? new XElement(
                    Main + "bottom",
                    new XAttribute("style", "thin"),
                    new XElement(Main + "color", new XAttribute("rgb", "FF14213D"))
                )
                : new XElement(Main + "bottom"),
            new XElement(Main + "diagonal")
        );

    private static XElement Counted(string name, params XElement[] elements) =>
        new(Main + name, new XAttribute("count", elements.Length), elements);
}
