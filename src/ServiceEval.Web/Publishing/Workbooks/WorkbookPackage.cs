using System.Globalization;
using System.Security;

namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>The parts of an XLSX file around its sheets (ECMA-376, part 1, chapter 18, and part 2).</summary>
internal static class WorkbookPackage
{
    public const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private const string Package = "http://schemas.openxmlformats.org/package/2006";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Type = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    public static string PathOf(int sheet) => $"xl/{Target(sheet)}";

    public static IEnumerable<(string Name, string Xml)> Of(IReadOnlyList<Sheet> sheets) =>
        [
            (
                "[Content_Types].xml",
                $"""<Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{Typed("xl/workbook.xml", "sheet.main")}{Typed("xl/styles.xml", "styles")}{Each(sheets, (_, i) => Typed(PathOf(i), "worksheet"))}</Types>"""
            ),
            ("_rels/.rels", Relations(Relation(0, "officeDocument", "xl/workbook.xml"))),
            (
                "xl/workbook.xml",
                $"""<workbook xmlns="{Main}" xmlns:r="{Office}"><sheets>{Each(sheets, Listed)}</sheets><definedNames>{Each(sheets, Named)}</definedNames></workbook>"""
            ),
            (
                "xl/_rels/workbook.xml.rels",
                Relations(
                    Each(sheets, (_, i) => Relation(i, "worksheet", Target(i)))
                        + Relation(sheets.Count, "styles", "styles.xml")
                )
            ),
            ("xl/styles.xml", WorkbookStyles.Xml),
        ];

    private static string Typed(string path, string type) =>
        $"""<Override PartName="/{path}" ContentType="{Type}.{type}+xml"/>""";

    private static string Relations(string relations) =>
        $"""<Relationships xmlns="{Package}/relationships">{relations}</Relationships>""";

    private static string Relation(int index, string type, string target) =>
        $"""<Relationship Id="r{index + 1}" Type="{Office}/{type}" Target="{target}"/>""";

    private static string Listed(Sheet sheet, int index) =>
        $"""<sheet name="{SecurityElement.Escape(sheet.Name)}" sheetId="{index + 1}" r:id="r{index + 1}"/>""";

    /// <summary>Returns the sheet's print area, and its header, which is repeated on every page.</summary>
    private static string Named(Sheet sheet, int index)
    {
        var name = SecurityElement.Escape($"'{sheet.Name.Replace("'", "''", StringComparison.Ordinal)}'");
        return Defined("Print_Area", $"$A$1:${Letter(sheet.Columns.Count)}${sheet.Count + 1}")
            + Defined("Print_Titles", "$1:$1");

        string Defined(string what, string range) =>
            $"""<definedName name="_xlnm.{what}" localSheetId="{index}">{name}!{range}</definedName>""";
    }

    private static string Each(IReadOnlyList<Sheet> sheets, Func<Sheet, int, string> xml) =>
        string.Concat(sheets.Select(xml));

    private static string Target(int sheet) =>
        string.Create(CultureInfo.InvariantCulture, $"worksheets/sheet{sheet + 1}.xml");

    /// <summary>Returns the letter of a column from 1 to 26. No sheet has more columns.</summary>
    private static char Letter(int column) =>
        column is >= 1 and <= 26
            ? (char)('A' + column - 1)
            : throw new ArgumentOutOfRangeException(nameof(column), column, "There is no such column.");
}
