using System.Globalization;
using System.Net;

namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>
/// Sets how sheets print: A4 landscape, as wide as the page, with the header on every page and the meaning of the signs
/// at the bottom.
/// </summary>
/// <param name="heading">The text at the top of every page.</param>
internal sealed class WorkbookPrinting(string heading, IReadOnlyList<Sheet> sheets)
{
    private const string BeforeViews = "<x:sheetViews>";
    private const string BeforeDrawing = "<x:drawing ";
    private const string AfterSheets = "</x:sheets>";
    private const string FitsWidth = """<x:sheetPr><x:pageSetUpPr fitToPage="1" /></x:sheetPr>""";

    /// <summary>The elements are in the order that the schema requires.</summary>
    private const string Page = """
        <x:pageMargins left="0.5" right="0.5" top="0.7" bottom="0.7" header="0.3" footer="0.3" /><x:pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0" />
        """;

    private const string Signs = "* 不公布；… 条数不足，不计算；– 没有数据或者无从得知。都不表示零。";

    /// <summary>Adds the print settings to a piece of a sheet's XML. The piece must not cut a tag.</summary>
    public string Sheet(string xml) =>
        xml.Replace(BeforeViews, FitsWidth + BeforeViews, StringComparison.Ordinal)
            .Replace(
                BeforeDrawing,
                $"{Page}<x:headerFooter><x:oddHeader>{Xml($"&L&A&R{Plain(heading)}")}</x:oddHeader><x:oddFooter>{Xml($"&L{Signs}&R第&P页，共&N页")}</x:oddFooter></x:headerFooter>{BeforeDrawing}",
                StringComparison.Ordinal
            );

    /// <summary>Adds the print areas and the repeated headers to the list of the sheets.</summary>
    public string Names(string xml) =>
        xml.Replace(
            AfterSheets,
            $"{AfterSheets}<x:definedNames>{string.Concat(sheets.Index().Select(s => Areas(s.Index, s.Item)))}</x:definedNames>",
            StringComparison.Ordinal
        );

    private static string Areas(int index, Sheet sheet)
    {
        var name = $"'{sheet.Name.Replace("'", "''", StringComparison.Ordinal)}'";
        var area = string.Create(
            CultureInfo.InvariantCulture,
            $"{name}!$A$1:${Column(sheet.Columns.Count)}${sheet.Count + 1}"
        );
        return Defined("_xlnm.Print_Area", area) + Defined("_xlnm.Print_Titles", $"{name}!$1:$1");

        string Defined(string what, string range) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"""<x:definedName name="{what}" localSheetId="{index}">{Xml(range)}</x:definedName>"""
            );
    }

    /// <summary>Returns the letter of a column from 1 to 26. No sheet has more columns.</summary>
    private static char Column(int number) =>
        number is >= 1 and <= 26
            ? (char)('A' + number - 1)
            : throw new ArgumentOutOfRangeException(nameof(number), number, "There is no such column.");

    /// <summary>Escapes <c>&amp;</c>, because it begins a code in headers and footers.</summary>
    private static string Plain(string text) => text.Replace("&", "&&", StringComparison.Ordinal);

    private static string Xml(string text) => WebUtility.HtmlEncode(text);
}
