using System.Globalization;
using System.Xml.Linq;
using ExcelNumberFormat;

namespace ServiceEval.Web.Tables;

/// <summary>The number format of a sheet's cell.</summary>
internal sealed class CellFormat
{
    public static readonly CellFormat General = new("General");

    // A Monday's midnight; a time on the same day; the same time on a day of another week, month and year.
    private const double Midnight = 45_719,
        Moment = Midnight + 0.55,
        OtherDay = Moment + 432;

    private readonly NumberFormat _format;

    private CellFormat(string code)
    {
        // Chinese Excel and WPS write these two in Chinese.
        _format = new NumberFormat(
            code.Replace("上午/下午", "AM/PM", StringComparison.Ordinal)
                .Replace("G/通用格式", "General", StringComparison.Ordinal)
        );
        Code = code;
        if (!IsDate)
            return;
        ShowsTime = Shown(Midnight) != Shown(Moment);
        ShowsDay = Shown(Moment) != Shown(OtherDay);

        string Shown(double moment) => _format.Format(moment, CultureInfo.InvariantCulture);
    }

    public string Code { get; }

    /// <summary>False if the format is invalid, so that a date cannot be told from a number.</summary>
    public bool IsKnown => _format.IsValid;

    /// <summary>True for dates, times of day, and both together; false for a duration such as <c>[h]:mm</c>.</summary>
    public bool IsDate => _format.IsDateTimeFormat;

    /// <summary>True if the format shows at least a part of the time of day.</summary>
    public bool ShowsTime { get; }

    /// <summary>True if the format shows at least a part of the date.</summary>
    public bool ShowsDay { get; }

    /// <summary>
    /// Returns the number as a person sees it, without thousands separators and trailing zeros. Returns null if the
    /// format shows the number unchanged.
    /// </summary>
    public string? Show(double number)
    {
        if (Code is "General" or "@")
            return null;
        var shown = _format
            .Format(number, CultureInfo.InvariantCulture)
            .Replace(",", "", StringComparison.Ordinal)
            .Trim();
        return shown.Contains('.') && !shown.Contains('E') ? shown.TrimEnd('0').TrimEnd('.') : shown;
    }

    /// <summary>
    /// Returns the formats in the order of <c>cellXfs</c>, because a cell refers to its format by index.
    /// </summary>
    public static IReadOnlyList<CellFormat> All(XElement? styles)
    {
        if (styles is null)
            return [];
        var custom = styles
            .Descendants()
            .Where(e => e.Name.LocalName == "numFmt")
            .ToLookup(Number, e => e.Attribute("formatCode")?.Value ?? "");
        var known = new Dictionary<int, CellFormat>();
        return
        [
            .. styles.Elements().Where(e => e.Name.LocalName == "cellXfs").Elements().Select(xf => Format(Number(xf))),
        ];

        CellFormat Format(int number) =>
            known.TryGetValue(number, out var format)
                ? format
                : known[number] = new(custom[number].FirstOrDefault() ?? BuiltIn(number));

        static int Number(XElement element) =>
            int.TryParse(
                element.Attribute("numFmtId")?.Value,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? number
                : 0;
    }

    /// <summary>
    /// Returns the built-in format of ECMA-376 part 1, 18.8.30, including those of Chinese Excel. Some formats are
    /// simplified, because it does not matter which parts of a date or a time are shown.
    /// </summary>
    private static string BuiltIn(int number) =>
        number switch
        {
            0 => "General",
            1 or 37 or 38 => "0",
            2 or 39 or 40 => "0.00",
            3 => "#,##0",
            4 => "#,##0.00",
            9 => "0%",
            10 => "0.00%",
            11 => "0.00E+00",
            12 => "# ?/?",
            13 => "# ??/??",
            (>= 14 and <= 17) or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58 => "yyyy-mm-dd",
            22 => "yyyy-mm-dd hh:mm",
            (>= 18 and <= 21) or (>= 32 and <= 35) or 45 or 47 or 55 or 56 => "hh:mm:ss",
            >= 41 and <= 44 => "#,##0.00",
            46 => "[h]:mm:ss",
            48 => "##0.0E+0",
            49 => "@",
            _ => "General",
        };
}
