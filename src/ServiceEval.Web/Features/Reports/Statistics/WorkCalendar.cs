using System.Globalization;
using ServiceEval.Web.Features.Tables;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports.Statistics;

/// <summary>
/// Working days by the State Council's yearly notices. <c>seeds/README.md</c> describes the files. A year without a
/// file is unknown, because the days off are decided year by year and cannot be computed.
/// </summary>
public sealed class WorkCalendar
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy/M/d"];
    private static readonly string[] Columns = ["date", "kind", "name"];

    private readonly HashSet<int> _years = [];
    private readonly Dictionary<DateOnly, (bool IsOff, string Name)> _days = [];

    private WorkCalendar() { }

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
            calendar.Add(path);
        return calendar;
    }

    public WeekDays Of(IsoWeek week)
    {
        var dates = Enumerable.Range(0, 7).Select(week.Monday.AddDays).ToList();
        int[] unknown = [.. dates.Select(date => date.Year).Distinct().Where(year => !_years.Contains(year))];
        var off = dates.Where(date => !IsWeekend(date) && _days.TryGetValue(date, out var day) && day.IsOff).ToList();
        var worked = dates
            .Where(date => IsWeekend(date) && _days.TryGetValue(date, out var day) && !day.IsOff)
            .ToList();
        return new(
            unknown,
            [.. off.Select(Named)],
            [.. worked.Select(Named)],
            unknown.Length > 0 ? null : 5 - off.Count + worked.Count
        );
    }

    /// <summary>
    /// Returns the last of this number of working days after a date. In a year without a notice, only weekends are days
    /// off.
    /// </summary>
    public DateOnly After(DateOnly date, int workingDays)
    {
        for (; workingDays > 0; workingDays--)
        {
            date = date.AddDays(1);
            while (!IsWorked(date))
                date = date.AddDays(1);
        }
        return date;
    }

    private bool IsWorked(DateOnly date) => _days.TryGetValue(date, out var day) ? !day.IsOff : !IsWeekend(date);

    private CalendarDay Named(DateOnly date) => new(date, _days[date].Name);

    private static bool IsWeekend(DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    private void Add(string path)
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
                if (Take(new Row(cells[0], cells[1], cells[2]), year) is { } complaint)
                    throw Fault(path, $"第 {row.Line} 行有误：{complaint}");
            }
        }
        catch (UnreadableTableException e)
        {
            throw Fault(path, e.Message, e);
        }
        // A file without any holiday is not finished yet.
        if (!_years.Contains(year))
            throw Fault(path, "没有任何日期");
    }

    private static OperatorException Fault(string path, string complaint, Exception? inner = null) =>
        new($"节假日文件 {path} 有误：{complaint}。", inner);

    /// <returns>The fault of the row; null if the row was accepted.</returns>
    private string? Take(Row row, int year)
    {
        if (
            !DateOnly.TryParseExact(
                row.Date,
                DateFormats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            )
        )
            return $"“{row.Date}”不是日期，应为 {year}-01-01 这样的写法";
        if (date.Year != year)
            return $"{row.Date} 不在 {year} 年";
        if (row.Kind is not ("off" or "work"))
            return $"“{row.Kind}”既不是 off（放假）也不是 work（上班）";
        if (row.Kind == "work" && !IsWeekend(date))
            return $"{row.Date} 不是周六、周日，不能是 work（调休上班）";
        if (!_days.TryAdd(date, (row.Kind == "off", row.Name)))
            return $"{row.Date} 重复";
        _years.Add(year);
        return null;
    }

    private sealed record Row(string Date, string Kind, string Name);
}
