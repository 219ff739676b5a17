using System.Globalization;
using System.IO.Compression;

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

    /// <summary>The last date that is used. A later year cannot be stored in a ZIP file.</summary>
    private static readonly DateOnly Latest = new(2107, 12, 31);

    /// <param name="dated">The time stamp of the file's parts.</param>
    /// <param name="heading">The text at the top of every printed page.</param>
    public static byte[] Write(IEnumerable<Sheet> sheets, DateOnly dated, string heading = "")
    {
        var parts = sheets.Where(s => s.Count > 0).SelectMany(Parts).ToList();
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, xml) in WorkbookPackage.Of(parts))
                Add(name, writer => writer.Write(xml));
            foreach (var (index, part) in parts.Index())
                Add(WorkbookPackage.PathOf(index), writer => Worksheet.Write(writer, part, heading));

            void Add(string name, Action<TextWriter> write)
            {
                var entry = zip.CreateEntry(name);
                var date = dated > Latest ? Latest : dated;
                entry.LastWriteTime = new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
                using var writer = new StreamWriter(entry.Open());
                writer.Write("""<?xml version="1.0" encoding="UTF-8"?>""");
                write(writer);
            }
        }
        return file.ToArray();
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
}
