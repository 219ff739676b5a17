using System.Globalization;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>The rows of the first sheet of an XLSX file.</summary>
internal static class Workbook
{
    /// <summary>Excel keeps fifteen digits of a number.</summary>
    private const double FirstInexact = 1e15;

    // Excel's last row. The columns are bounded too: for each row the library fills as many as the sheet claims to have.
    private const string LastCell = "Z1048576";
    private static readonly string[] Letters = [.. Enumerable.Range('A', 26).Select(c => $"{(char)c}")];

    /// <exception cref="StartException">It can't be read, or its header is wrong.</exception>
    public static ImportFile Open(Stream stream, CancellationToken ct)
    {
        try
        {
            var lines = WorkbookCheck.CountRows(stream, ct);
            stream.Position = 0;
            var rows = Cells(stream).GetEnumerator();
            try
            {
                return new ImportFile(lines, Rows(rows, Header(rows)));
            }
            catch
            {
                rows.Dispose();
                throw;
            }
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Unreadable(e, "没有导入任何内容");
        }
    }

    private static Columns Header(IEnumerator<object?[]> rows)
    {
        if (!rows.MoveNext()) throw new StartException("第一个工作表是空的，没有导入任何内容。");
        var names = Array.ConvertAll(rows.Current, cell => Text(cell) ?? "");
        return Columns.Of(names[..(Array.FindLastIndex(names, n => n.Length > 0) + 1)]);
    }

    private static IEnumerable<FileRow> Rows(IEnumerator<object?[]> rows, Columns columns)
    {
        using (rows)
        {
            for (var line = 2; Next(rows); line++)
            {
                var row = Read(line, rows.Current, columns);
                if (!row.IsBlank) yield return row;
            }
        }
    }

    private static bool Next(IEnumerator<object?[]> rows)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Unreadable(e, "导入到此为止，已导入的不会重复");
        }
    }

    private static FileRow Read(long line, object?[] cells, Columns columns)
    {
        var texts = Array.ConvertAll(cells, Text);
        string[] fields = [.. texts.Select(t => t ?? "")];
        var values = columns.Pick(fields);
        if (fields.Sum(f => f.Length) > FileRow.MaxLength) return new FileRow(line, columns.PickId(fields), $"这一行超过 {FileRow.MaxLength} 个字符，请在原文件中改正");
        if (Array.Exists(texts, t => t is null)) return new FileRow(line, values, "有数字超过 15 位，Excel 已丢失末尾几位，请把这一列设为文本后重新填写");
        var last = Array.FindLastIndex(texts, t => t!.Length > 0);
        return new FileRow(line, values, last < columns.Count ? null : $"这一行有 {last + 1} 列，表头有 {columns.Count} 列");
    }

    /// <summary>As it would stand in a CSV file; null for a number that is no longer what was typed.</summary>
    private static string? Text(object? cell) => cell switch
    {
        null => "",
        string text => text.Trim(),
        double number when Math.Abs(number) >= FirstInexact => null,
        // Excel's times are fractions of a day and a little off.
        DateTime time => new DateTime((time.Ticks + TimeSpan.TicksPerSecond / 2) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Unspecified)
            .ToString(SubmittedAt.WallClock, CultureInfo.InvariantCulture),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "",
    };

    private static IEnumerable<object?[]> Cells(Stream stream)
    {
        // Many shared texts go to a folder that nobody else can look into, and that is gone afterwards.
        using var folder = TemporaryFolder.ForImport();
        var configuration = new OpenXmlConfiguration { SharedStringCachePath = folder.Path, EnableConvertByteArray = false };
        foreach (IDictionary<string, object?> row in stream.QueryRange(excelType: ExcelType.XLSX, endCell: LastCell, configuration: configuration))
            yield return Array.ConvertAll(Letters, letter => row.TryGetValue(letter, out var cell) ? cell : null);
    }

    /// <summary>The library says by many exceptions that a workbook is not what it expected.</summary>
    private static bool IsUnreadable(Exception e) => e is not (StartException or OperationCanceledException or OutOfMemoryException);

    private static StartException Unreadable(Exception e, string state) => new($"XLSX 文件无法读取（{e.Message}），请用 Excel 重新保存后再导入；{state}。", e);
}
