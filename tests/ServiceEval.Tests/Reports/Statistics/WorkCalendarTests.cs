using ServiceEval.Core;
using ServiceEval.Core.Calendar;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Reports.Statistics;

public sealed class WorkCalendarTests
{
    private static readonly WorkCalendar Shipped = CalendarFiles.Load(
        Path.Combine(AppContext.BaseDirectory, "seeds", "calendar")
    );

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Counted by hand from the State Council's notice of 2025-11-04.</summary>
    [Theory]
    [InlineData("2026-W02", 5, "", "")]
    [InlineData("2026-W07", 6, "", "02-14 春节")]
    [InlineData("2026-W08", 0, "02-16 春节 02-17 春节 02-18 春节 02-19 春节 02-20 春节", "")]
    [InlineData("2026-W09", 5, "02-23 春节", "02-28 春节")]
    [InlineData("2026-W14", 5, "", "")]
    [InlineData("2026-W15", 4, "04-06 清明节", "")]
    [InlineData("2026-W18", 4, "05-01 劳动节", "")]
    [InlineData("2026-W19", 4, "05-04 劳动节 05-05 劳动节", "05-09 劳动节")]
    [InlineData("2026-W25", 4, "06-19 端午节", "")]
    [InlineData("2026-W38", 6, "", "09-20 国庆节")]
    [InlineData("2026-W39", 4, "09-25 中秋节", "")]
    [InlineData("2026-W40", 3, "10-01 国庆节 10-02 国庆节", "")]
    [InlineData("2026-W41", 3, "10-05 国庆节 10-06 国庆节 10-07 国庆节", "10-10 国庆节")]
    public void Weeks_of_2026_are_as_the_notice_has_them(string week, int workingDays, string off, string worked)
    {
        var days = Shipped.Of(IsoWeek.Parse(week));

        Assert.Equal((workingDays, off, worked), (days.WorkingDays, Text(days.Off), Text(days.Worked)));
        Assert.True(days.IsKnown);
        Assert.Equal(off.Length + worked.Length == 0, days.IsRegular);
    }

    /// <summary>
    /// 365 days less 104 weekend days less the 13 days of the State Council's 2024 holiday regulation. 调休 only moves
    /// days.
    /// </summary>
    [Fact]
    public async Task The_year_2026_has_248_working_days_and_the_file_every_day_of_the_notice_once()
    {
        // The first and the last week of 2026 reach into 2025 and 2027, so both years need a file. Each of these files
        // has one day off, which is in no week of 2026.
        using var folder = new Folder();
        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "seeds", "calendar", "2026.csv"),
            Path.Combine(folder.Path, "2026.csv")
        );
        await WriteAsync(folder, "2025.csv", "2025-10-01,off,国庆节");
        await WriteAsync(folder, "2027.csv", "2027-10-01,off,国庆节");
        var calendar = CalendarFiles.Load(folder.Path);

        var weeks = Enumerable.Range(1, 53).Select(number => calendar.Of(new IsoWeek(2026, number))).ToList();

        // Subtract the days of the other years: three working days from 29 to 31 December 2025, and one on 1 January
        // 2027, a Friday.
        Assert.Equal(248, weeks.Sum(w => w.WorkingDays) - 3 - 1);
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "2026.csv"), Ct);
        Assert.Equal(
            ("date,kind,name", 33, 6),
            (
                lines[0],
                lines.Count(l => l.Contains(",off,", StringComparison.Ordinal)),
                lines.Count(l => l.Contains(",work,", StringComparison.Ordinal))
            )
        );
    }

    [Theory]
    [InlineData("2026-W01", 2025)]
    [InlineData("2026-W53", 2027)]
    [InlineData("2027-W10", 2027)]
    public void A_week_of_a_year_without_a_file_is_unknown_and_not_guessed(string week, int unknownYear)
    {
        var days = Shipped.Of(IsoWeek.Parse(week));

        Assert.Equal([unknownYear], days.UnknownYears);
        Assert.Equal((false, false, null), (days.IsKnown, days.IsRegular, days.WorkingDays));
    }

    [Fact]
    public async Task A_week_over_New_Year_is_known_with_both_years()
    {
        using var folder = new Folder();
        await WriteAsync(folder, "2025.csv", "2025-12-31,off,元旦");
        await WriteAsync(folder, "2026.csv", "2026/1/1,off,元旦", "2026/1/4,work,元旦");

        var days = CalendarFiles.Load(folder.Path).Of(IsoWeek.Parse("2026-W01"));

        Assert.Equal(
            (true, 4, "12-31 元旦 01-01 元旦", "01-04 元旦"),
            (days.IsKnown, days.WorkingDays, Text(days.Off), Text(days.Worked))
        );
    }

    [Fact]
    public void Without_a_directory_every_year_is_unknown() =>
        Assert.Equal(
            [2025, 2026],
            CalendarFiles
                .Load(Path.Combine(AppContext.BaseDirectory, "nowhere"))
                .Of(IsoWeek.Parse("2026-W01"))
                .UnknownYears
        );

    [Theory]
    [InlineData("第 3 行", "2026-01-03,off,元旦", "2027-01-01,off,元旦")]
    [InlineData("第 3 行", "2026-01-03,off,元旦", "2026-01-03,work,元旦")]
    [InlineData("第 2 行", "2026-01-03,holiday,元旦")]
    [InlineData("第 2 行", "2026-01-03,1,元旦")]
    [InlineData("第 2 行", "2026-02-30,off,元旦")]
    [InlineData("第 2 行", "3.1.2026,off,元旦")]
    [InlineData("第 2 行", "2026-01-02,work,元旦")]
    [InlineData("第 4 行", "2026-01-02,off,元旦", "", "2026-01-03,off")]
    [InlineData("没有任何日期")]
    public async Task A_faulty_file_stops_the_start_with_its_name_and_line(string where, params string[] rows)
    {
        using var folder = new Folder();
        await WriteAsync(folder, "2026.csv", rows);

        var complaint = Assert.Throws<OperatorException>(() => CalendarFiles.Load(folder.Path)).Message;

        Assert.Contains(Path.Combine(folder.Path, "2026.csv"), complaint, StringComparison.Ordinal);
        Assert.Contains(where, complaint, StringComparison.Ordinal);
        Assert.EndsWith("。", complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("日期,类型,名称\n2026-01-01,off,元旦\n")]
    public async Task A_file_without_the_three_columns_is_faulty(string content)
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "2026.csv"), content, Ct);

        Assert.Contains(
            "2026.csv",
            Assert.Throws<OperatorException>(() => CalendarFiles.Load(folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_file_as_Chinese_Excel_saves_it_says_the_same()
    {
        using var folder = new Folder();
        var gb18030 = System.Text.CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "2026.csv"),
            "sep=,\r\ndate,kind,name\r\n2026/10/1,off,国庆节\r\n",
            gb18030,
            Ct
        );

        Assert.Equal("10-01 国庆节", Text(CalendarFiles.Load(folder.Path).Of(IsoWeek.Parse("2026-W40")).Off));
    }

    [Theory]
    [InlineData("holidays.csv")]
    [InlineData("26.csv")]
    public async Task A_file_that_bears_no_year_is_refused_and_not_passed_over(string name)
    {
        using var folder = new Folder();
        await WriteAsync(folder, name, "2026-01-01,off,元旦");

        Assert.Contains(
            name,
            Assert.Throws<OperatorException>(() => CalendarFiles.Load(folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_calendar_is_no_set_to_seed()
    {
        var complaint = Assert
            .Throws<OperatorException>(() => SeedSet.Load("nowhere", TestContext.Current.CancellationToken))
            .Message;

        Assert.Contains("minimal、", complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("calendar", complaint, StringComparison.Ordinal);
        Assert.Throws<OperatorException>(() => SeedSet.Load("calendar", TestContext.Current.CancellationToken));
    }

    private static string Text(IEnumerable<CalendarDay> days) =>
        string.Join(' ', days.Select(d => $"{d.Date:MM-dd} {d.Name}"));

    private static Task WriteAsync(Folder folder, string name, params string[] rows) =>
        File.WriteAllTextAsync(Path.Combine(folder.Path, name), $"date,kind,name\n{string.Join('\n', rows)}\n", Ct);
}
