using System.IO.Compression;
using System.Xml;

namespace ServiceEval.Web.Tables;

/// <summary>Reads the rows of an XLSX file. Exactly one sheet must have the required columns.</summary>
internal static class WorkbookTable
{
    /// <exception cref="UnreadableTableException">The file cannot be read, or the choice of the sheet is
    /// ambiguous.</exception>
    public static Table Open(Stream stream, TableShape shape, CancellationToken ct)
    {
        try
        {
            var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            WorkbookBounds.Check(zip, stream.Length);
            var workbook = WorkbookParts.Of(zip);
            var texts = new SharedTexts(workbook.SharedTexts, ct);
            try
            {
                var (sheet, header) = Choose(workbook, texts, shape, ct);
                return new Table(sheet.Rows, header, Rows(workbook, sheet, texts, header, shape), texts);
            }
            catch
            {
                texts.Dispose();
                throw;
            }
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Unreadable(e);
        }
    }

    /// <summary>
    /// Chooses the visible sheet that has the required columns. If no sheet has them, chooses the first sheet that is
    /// not empty, so that an error message can name its header.
    /// </summary>
    private static (SheetFacts Sheet, IReadOnlyList<string> Header) Choose(
        WorkbookParts workbook,
        SharedTexts texts,
        TableShape shape,
        CancellationToken ct
    )
    {
        var filled = workbook
            .VisibleSheets.Select(s => (Sheet: SheetFacts.Of(s, ct), Header: HeaderOf(workbook, s, texts)))
            .Where(s => s.Header.Count > 0)
            .ToList();
        if (filled.Count == 0)
            throw new UnreadableTableException("第一个工作表是空的");
        bool Fits(IReadOnlyList<string> header) =>
            shape.Required.All(name => header.Contains(name, StringComparer.OrdinalIgnoreCase));
        var fitting = filled.Where(s => Fits(s.Header)).ToList();
        if (fitting.Count > 1)
            throw new UnreadableTableException(
                $"有 {fitting.Count} 个工作表都是这样的表（{string.Join('、', fitting.Select(s => s.Sheet.Name))}），请每次只留一个"
            );
        var chosen = fitting.Count == 1 ? fitting[0] : filled[0];
        return chosen.Sheet.Merged is { } merged
            ? throw new UnreadableTableException(
                $"工作表“{chosen.Sheet.Name}”有合并的单元格（{merged}），看不出每一行各是什么，请取消合并、逐行填好后再导入"
            )
            : chosen;
    }

    private static IReadOnlyList<string> HeaderOf(WorkbookParts workbook, SheetPart sheet, SharedTexts texts)
    {
        using var rows = new SheetRows(sheet.Part, workbook.Cells(texts));
        return rows.Next() is { } first ? Table.HeaderOf([.. first.Cells.Select(c => c.Text)]) : [];
    }

    private static IEnumerable<TableRow> Rows(
        WorkbookParts workbook,
        SheetFacts sheet,
        SharedTexts texts,
        IReadOnlyList<string> header,
        TableShape shape
    )
    {
        using var rows = new SheetRows(sheet.Part, workbook.Cells(texts));
        Next(rows);
        while (Next(rows) is { } row)
            yield return Read(row, header, shape);
    }

    private static SheetRow? Next(SheetRows rows)
    {
        try
        {
            return rows.Next();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Unreadable(e);
        }
    }

    private static TableRow Read(SheetRow row, IReadOnlyList<string> header, TableShape shape)
    {
        // Each row gets as many cells as the header, because a sheet omits empty cells.
        var cells = new string[Math.Max(header.Count, Table.LastFilled([.. row.Cells.Select(c => c.Text)]) + 1)];
        Array.Fill(cells, "");
        string? fault = null;
        for (var i = 0; i < row.Cells.Count; i++)
        {
            var cell = row.Cells[i];
            if (i < cells.Length)
                cells[i] = cell.Text;
            fault ??= FaultOf(cell, i < header.Count && header[i].Length > 0 ? header[i] : CellPlace.Letters(i), shape);
        }
        return TableRow.IsTooLong(cells)
            ? new TableRow(row.Number, cells, TableRow.TooLong, IsDoubtful: true)
            : new TableRow(row.Number, cells, fault ?? TableRow.FaultOfShape(cells, header));
    }

    private static string? FaultOf(SheetCell cell, string column, TableShape shape)
    {
        if (cell.Fault is not null)
            return $"{cell.Fault}（{column} 列），{cell.Remedy}";
        return cell.IsDate && !shape.Dates.Contains(column)
            ? $"有一格是日期 {cell.Text}（{column} 列），多半是 Excel 改写了编码，请把这一列设为文本后重新填写"
            : null;
    }

    private static bool IsUnreadable(Exception e) => e is XmlException or InvalidDataException;

    private static UnreadableTableException Unreadable(Exception e) =>
        new($"XLSX 文件无法读取（{e.Message}），请用 Excel 重新保存后再导入", e);
}
