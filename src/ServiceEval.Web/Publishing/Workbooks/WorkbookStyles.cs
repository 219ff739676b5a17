using System.Security;

namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>
/// Writes how cells look: the header is bold and has a line, text wraps from the top left, figures are on the right.
/// </summary>
internal static class WorkbookStyles
{
    public const int Head = 1;

    // Below this number are the formats that every spreadsheet knows.
    private const int FirstFormat = 164;

    private const string Font = """<sz val="11"/><name val="等线"/><charset val="134"/>""";

    private static readonly SheetFormat[] Formats = Enum.GetValues<SheetFormat>();

    /// <summary>Returns the number of the style for cells of this format.</summary>
    public static int Of(SheetFormat format) => Head + 1 + Array.IndexOf(Formats, format);

    public static readonly string Xml = $"""
        <styleSheet xmlns="{WorkbookPackage.Main}">
        <numFmts count="{Formats.Length}">{string.Concat(Formats.Select(NumberFormat))}</numFmts>
        <fonts count="2"><font>{Font}</font><font><b/>{Font}</font></fonts>
        <fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF4F6F8"/></patternFill></fill></fills>
        <borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color rgb="FF14213D"/></bottom><diagonal/></border></borders>
        <cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>
        <cellXfs count="{Formats.Length
            + 2}"><xf numFmtId="0" xfId="0"/><xf numFmtId="0" xfId="0" fontId="1" applyFont="1" fillId="2" applyFill="1" borderId="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>{string.Concat(
            Formats.Select(CellFormat)
        )}</cellXfs>
        <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
        </styleSheet>
        """;

    private static string Code(SheetFormat format) =>
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

    private static string NumberFormat(SheetFormat format, int index) =>
        $"""<numFmt numFmtId="{FirstFormat + index}" formatCode="{SecurityElement.Escape(Code(format))}"/>""";

    private static string CellFormat(SheetFormat format, int index)
    {
        var alignment = format switch
        {
            // The indent keeps the text apart from the figures before it.
            SheetFormat.Text => "horizontal=\"left\" indent=\"1\"",
            SheetFormat.Date => "horizontal=\"center\"",
            _ => "horizontal=\"right\"",
        };
        return $"""<xf numFmtId="{FirstFormat + index}" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment {alignment} vertical="top" wrapText="1"/></xf>""";
    }
}
