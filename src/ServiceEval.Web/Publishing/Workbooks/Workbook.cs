using System.Globalization;
using System.Xml;
using MiniExcelLibs;
using MiniExcelLibs.Attributes;
using MiniExcelLibs.OpenXml;
using ServiceEval.Web.Features.Reports.Renderings;

namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>
/// Writes sheets as an XLSX file. Text stays text, even if it begins like a formula. A figure that is not known is “–”
/// and never empty, because a formula counts an empty cell as zero. The same sheets and date give the same bytes.
/// </summary>
public static class Workbook
{
    public const string Unknown = "–";

    /// <summary>The number of rows that an Excel sheet can hold, including the header.</summary>
    public const int LongestSheet = 1_048_576;

    /// <param name="dated">The time stamp of the file's parts.</param>
    /// <param name="heading">The text at the top of every printed page.</param>
    public static byte[] Write(IEnumerable<Sheet> sheets, DateOnly dated, string heading = "")
    {
        using var raw = new MemoryStream();
        var parts = sheets.Where(s => s.Count > 0).SelectMany(Parts).ToList();
        raw.SaveAs(
            parts.Select((part, i) => (part.Name, Rows: (object)Rows(part, i))).ToDictionary(p => p.Name, p => p.Rows),
            configuration: new OpenXmlConfiguration
            {
                AutoFilter = false,
                Culture = CultureInfo.InvariantCulture,
                TableStyles = TableStyles.None,
                DynamicColumns =
                [
                    .. parts.SelectMany(
                        (part, i) =>
                            part.Columns.Select(
                                (column, j) =>
                                    new DynamicExcelColumn(Key(i, j))
                                    {
                                        Name = column.Name,
                                        Width = column.Width,
                                        Format = WorkbookStyles.Code(column.Format),
                                    }
                            )
                    ),
                ],
            }
        );
        return WorkbookParts.Rewrite(raw, new(heading, parts), dated);
    }

    /// <summary>Splits a sheet into as many sheets as necessary. The second one is named （2）.</summary>
    private static IEnumerable<Sheet> Parts(Sheet sheet)
    {
        const int Longest = LongestSheet - 1;
        for (var at = 0; at < sheet.Count; at += Longest)
        {
            yield return sheet with
            {
                Name =
                    at == 0
                        ? sheet.Name
                        : string.Create(CultureInfo.InvariantCulture, $"{sheet.Name}（{at / Longest + 1}）"),
                Count = Math.Min(Longest, sheet.Count - at),
                Rows = sheet.Rows.Skip(at).Take(Longest),
            };
        }
    }

    private static IEnumerable<IDictionary<string, object?>> Rows(Sheet sheet, int index)
    {
        string[] keys = [.. sheet.Columns.Select((_, j) => Key(index, j))];
        foreach (var row in sheet.Rows)
        {
            var cells = new Dictionary<string, object?>(keys.Length);
            for (var j = 0; j < keys.Length; j++)
                cells[keys[j]] = Cell(row[j], sheet.Columns[j].Format);
            yield return cells;
        }
    }

    private static object? Cell(object? value, SheetFormat format) =>
        value switch
        {
            null => format == SheetFormat.Text ? null : Unknown,
            DBNull => null,
            string text => Legible(text),
            double share => SheetFigures.Of(share, format),
            _ => value,
        };

    /// <summary>Removes the characters that XML cannot represent. Half of a surrogate pair becomes �.</summary>
    private static string Legible(string text) =>
        text.All(XmlConvert.IsXmlChar)
            ? text
            : string.Concat(text.EnumerateRunes().Where(r => !r.IsBmp || XmlConvert.IsXmlChar((char)r.Value)));

    /// <summary>
    /// Returns the key of a column. The keys of all sheets differ, because all columns are configured in one list.
    /// </summary>
    private static string Key(int sheet, int column) =>
        string.Create(CultureInfo.InvariantCulture, $"{sheet}.{column}");
}
