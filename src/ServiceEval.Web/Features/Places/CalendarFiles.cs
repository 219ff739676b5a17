using System.Globalization;
using ServiceEval.Core;
using ServiceEval.Core.Calendar;
using ServiceEval.Web.Tables;

namespace ServiceEval.Web.Features.Places;

/// <summary>The files of the work calendar, one for each year. <c>seeds/README.md</c> describes them.</summary>
public static class CalendarFiles
{
    private static readonly string[] Columns = ["date", "kind", "name"];

    /// <summary>
    /// Reads each <c>YEAR.csv</c> of the directory. If the directory does not exist, no year is known.
    /// </summary>
    /// <exception cref="OperatorException">A file is faulty. The message names the file and the line.</exception>
    public static WorkCalendar Load(string directory)
    {
        var calendar = new WorkCalendar();
        if (!Directory.Exists(directory))
            return calendar;
        foreach (var path in Directory.GetFiles(directory, "*.csv").Order(StringComparer.Ordinal))
            Add(calendar, path);
        return calendar;
    }

    private static void Add(WorkCalendar calendar, string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (name.Length != 4 || !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            throw new OperatorException($"节假日文件 {path} 的文件名有误，应为年份，如 2026.csv。");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var table = Table.Open(stream, new TableShape(Columns, []), CancellationToken.None);
            var places = Array.ConvertAll(Columns, table.PlaceOf);
            if (places.Contains(-1))
                throw Fault(path, "表头应有 date、kind、name 三列");
            foreach (var row in table.Rows)
            {
                if (row.Fault is not null)
                    throw Fault(path, $"第 {row.Line} 行有误：{row.Fault}");
                var cells = Array.ConvertAll(places, place => row.Cells[place]);
                if (Add(calendar, new Row(cells[0], cells[1], cells[2]), year) is { } complaint)
                    throw Fault(path, $"第 {row.Line} 行有误：{complaint}");
            }
        }
        catch (UnreadableTableException e)
        {
            throw Fault(path, e.Message, e);
        }
        // A file without any holiday is not finished yet.
        if (!calendar.Knows(year))
            throw Fault(path, "没有任何日期");
    }

    private static OperatorException Fault(string path, string complaint, Exception? inner = null) =>
        new($"节假日文件 {path} 有误：{complaint}。", inner);

    /// <returns>The fault of the row; null if the row was accepted.</returns>
    private static string? Add(WorkCalendar calendar, Row row, int year)
    {
        if (SeedText.DateOf(row.Date) is not { } date)
            return $"“{row.Date}”不是日期，应为 {year}-01-01 这样的写法";
        if (date.Year != year)
            return $"{row.Date} 不在 {year} 年";
        if (row.Kind is not ("off" or "work"))
            return $"“{row.Kind}”既不是 off（放假）也不是 work（上班）";
        if (row.Kind == "work" && !WorkCalendar.IsWeekend(date))
            return $"{row.Date} 不是周六、周日，不能是 work（调休上班）";
        return calendar.TryAdd(date, row.Kind == "off", row.Name) ? null : $"{row.Date} 重复";
    }

    private sealed record Row(string Date, string Kind, string Name);
}
