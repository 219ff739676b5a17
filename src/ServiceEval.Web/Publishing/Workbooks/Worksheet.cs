using System.Globalization;
using System.Security;
using System.Text.RegularExpressions;
using System.Xml;
using ServiceEval.Web.Features.Reports.Renderings;

namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>
/// Writes one sheet row by row, because it may be larger than memory. It prints on A4 landscape, as wide as the page,
/// with the meaning of the signs at the bottom. The elements are in the order that ECMA-376 requires.
/// </summary>
internal static partial class Worksheet
{
    private const string Signs = "* 不公布；… 条数不足，不计算；– 没有数据或者无从得知。都不表示零。";

    public static void Write(TextWriter to, Sheet sheet, string heading)
    {
        to.Write(
            $"""<worksheet xmlns="{WorkbookPackage.Main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{string.Concat(sheet.Columns.Select(Column))}</cols><sheetData>"""
        );
        WriteRow(to, sheet.Columns.Select(c => Text(c.Name, WorkbookStyles.Head)));
        foreach (var row in sheet.Rows)
            WriteRow(to, sheet.Columns.Select((c, i) => Cell(row[i], c.Format)));
        // In a header an ampersand begins a code, so an ampersand of the text is doubled.
        var header = $"&L&A&R{heading.Replace("&", "&&", StringComparison.Ordinal)}";
        to.Write(
            $"""</sheetData><pageMargins left="0.5" right="0.5" top="0.7" bottom="0.7" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddHeader>{Xml(header)}</oddHeader><oddFooter>{Xml($"&L{Signs}&R第&P页，共&N页")}</oddFooter></headerFooter></worksheet>"""
        );
    }

    private static string Column(SheetColumn column, int index) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""<col min="{index + 1}" max="{index + 1}" width="{column.Width}" customWidth="1"/>"""
        );

    private static void WriteRow(TextWriter to, IEnumerable<string> cells)
    {
        to.Write("<row>");
        foreach (var cell in cells)
            to.Write(cell);
        to.Write("</row>");
    }

    private static string Cell(object? value, SheetFormat format) =>
        value switch
        {
            null when format != SheetFormat.Text => Text(Workbook.Unknown, WorkbookStyles.Of(format)),
            null or DBNull => $"""<c s="{WorkbookStyles.Of(format)}"/>""",
            string text => Text(text, WorkbookStyles.Of(format)),
            double share => Number(SheetFigures.Of(share, format), format),
            DateOnly date => Number(date.ToDateTime(TimeOnly.MinValue).ToOADate(), format),
            IFormattable number => Number(number, format),
            _ => throw new ArgumentException($"A cell cannot contain {value.GetType()}.", nameof(value)),
        };

    private static string Number(IFormattable number, SheetFormat format) =>
        $"""<c s="{WorkbookStyles.Of(format)}"><v>{number.ToString(null, CultureInfo.InvariantCulture)}</v></c>""";

    /// <summary>
    /// Returns a cell of text. A spreadsheet would read <c>_x003D_</c> as one character, so such text is escaped.
    /// </summary>
    private static string Text(string text, int style)
    {
        // Without this attribute, a spreadsheet removes spaces at the ends.
        var space = text == text.Trim() ? "" : " xml:space=\"preserve\"";
        return $"""<c s="{style}" t="str"><v{space}>{Xml(EscapeSequence().Replace(text, "_x005F_"))}</v></c>""";
    }

    /// <summary>
    /// Escapes a text, and removes the characters that XML cannot represent. Half of a surrogate pair becomes �.
    /// </summary>
    private static string Xml(string text) =>
        SecurityElement.Escape(
            text.All(XmlConvert.IsXmlChar)
                ? text
                : string.Concat(text.EnumerateRunes().Where(r => !r.IsBmp || XmlConvert.IsXmlChar((char)r.Value)))
        );

    [GeneratedRegex("_(?=x[0-9A-Fa-f]{4}_)")]
    private static partial Regex EscapeSequence();
}
