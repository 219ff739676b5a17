using System.Globalization;
using System.Xml;

namespace ServiceEval.Web.Tables;

/// <summary>
/// Converts Excel's serial dates. A serial date counts days and fractions of a day, in the 1900 or the 1904 date
/// system.
/// </summary>
internal static class ExcelTime
{
    /// <summary>The serial date of 1 January 10000.</summary>
    private const double End = 2_958_466;

    /// <summary>The serial date of 29 February 1900. Excel counts this day, but it never existed.</summary>
    private const int NoDay = 60;

    private static readonly DateTime Before1900 = new(1899, 12, 30);
    private static readonly DateTime First1904 = new(1904, 1, 1);

    public static SheetCell Of(double days, bool from1904, CellFormat format)
    {
        var whole = Math.Floor(days);
        if (days < 0 || days >= End - (from1904 ? (First1904 - Before1900).Days : 0))
            return Wrong(days, "有一格不是日期");
        // A time of day without a date.
        if (whole == 0 && (!from1904 || !format.ShowsDay))
            return Cell(Text(TimeOnly.FromTimeSpan(TimeSpan.FromDays(days))));
        if (from1904)
            return Cell(Text(First1904.AddDays(days), format.ShowsTime));
        if (whole == NoDay)
            return Wrong(days, "有不存在的日期 1900-02-29");
        return Cell(Text(Before1900.AddDays(whole < NoDay ? days + 1 : days), format.ShowsTime));

        static SheetCell Cell(string text) => new(text, IsDate: true);
    }

    /// <summary>
    /// Includes the time if the sheet shows a time, even at midnight. If the sheet shows only a date, midnight is left
    /// out, because the time was never entered.
    /// </summary>
    public static string Text(DateTime time, bool isTimeShown)
    {
        var rounded = new DateTime(Rounded(time.Ticks));
        var isMoment = isTimeShown || rounded.TimeOfDay > TimeSpan.Zero;
        return rounded.ToString(isMoment ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>Formats a time of day without a date.</summary>
    public static string Text(TimeOnly clock) =>
        new DateTime(Rounded(clock.Ticks)).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>
    /// Rounds to seconds, because Excel stores a time as a fraction of a day and the fraction is not exact.
    /// </summary>
    private static long Rounded(long ticks) =>
        (ticks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond;

    private static SheetCell Wrong(double days, string what) =>
        new(days.ToString(CultureInfo.InvariantCulture), IsDate: true, Fault: what, Remedy: "请在原文件中改正");
}
