using System.Globalization;
using System.Xml;

namespace ServiceEval.Web.Tables;

/// <param name="Text">The text as it would be in a CSV file.</param>
/// <param name="Fault">Why the text is not certain. <paramref name="Remedy"/> says what to do. Both are
/// clauses.</param>
internal readonly record struct SheetCell(string Text, bool IsDate = false, string? Fault = null, string? Remedy = null)
{
    public static readonly SheetCell Empty = new("");

    public bool IsEmpty => Text.Length == 0 && Fault is null;
}

/// <summary>Reads a cell's text from its type, its value and its number format.</summary>
internal sealed class CellReader(SharedTexts texts, IReadOnlyList<CellFormat> formats, bool from1904)
{
    private const string AsText = "请把这一列设为文本后重新填写";

    /// <summary>Excel keeps only 15 digits of a number.</summary>
    private const double FirstInexact = 1e15;

    /// <summary>Reads a cell. Leaves the reader on the cell's end element.</summary>
    /// <exception cref="InvalidDataException">The value does not match the cell's type.</exception>
    public SheetCell Read(XmlReader reader)
    {
        var (type, style) = (reader.GetAttribute("t"), reader.GetAttribute("s"));
        var (value, isFormula) = CellContent.Read(reader);
        if (value.Length == 0 && isFormula && type is not "str")
            return new("", Fault: "有公式没有算出的值", Remedy: "请用 Excel 打开并保存一次");
        if (value.Length == 0)
            return SheetCell.Empty;
        return type switch
        {
            "s" => new(texts[Parse(value)].Trim()),
            "str" or "inlineStr" => new(value.Trim()),
            "b" => new(value is "1" or "true" ? "TRUE" : "FALSE"),
            "e" => new(value, Fault: ErrorValue.FaultOf(value), Remedy: ErrorValue.Remedy),
            "d" => Date(value, Format(style)),
            null or "n" => Number(value, Format(style)),
            _ => throw new InvalidDataException($"单元格类型 {Excerpt.Of(type)} 未知"),
        };
    }

    private CellFormat Format(string? style) =>
        (style is null ? null : formats.ElementAtOrDefault(Parse(style))) ?? CellFormat.General;

    private SheetCell Number(string value, CellFormat format)
    {
        if (
            !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number)
        )
            throw new InvalidDataException($"“{Excerpt.Of(value)}”不是数字");
        if (!format.IsKnown)
            return new(value, Fault: $"有一格的数字格式“{Excerpt.Of(format.Code)}”无法识别", Remedy: AsText);
        if (format.IsDate)
            return ExcelTime.Of(number, from1904, format);
        var plain = number.ToString(CultureInfo.InvariantCulture);
        if (Math.Abs(number) >= FirstInexact)
            return new(plain, Fault: "有数字超过 15 位", Remedy: $"Excel 已丢失末尾几位，{AsText}");
        return format.Show(number) is not { } shown || shown == plain ? new(plain)
            // A code that is stored as a number: its leading zeros exist only in the number format.
            : shown.All(char.IsAsciiDigit) && shown.TrimStart('0') == plain ? new(shown)
            : new(plain, Fault: $"有一格显示为“{Excerpt.Of(shown)}”，存的却是 {plain}", Remedy: AsText);
    }

    /// <summary>
    /// Reads an ISO 8601 date, which strict workbooks (OOXML Strict) may contain. A date with an offset is refused,
    /// because the sheet would show another time.
    /// </summary>
    private static SheetCell Date(string value, CellFormat format)
    {
        if (!value.Contains('-') && TimeOnly.TryParse(value, CultureInfo.InvariantCulture, out var clock))
            return new(ExcelTime.Text(clock), IsDate: true);
        var isTime = DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time);
        return isTime && time.Kind == DateTimeKind.Unspecified && value.Contains('-')
            ? new(ExcelTime.Text(time, value.Contains(':') && (!format.IsDate || format.ShowsTime)), IsDate: true)
            : new(value, IsDate: true, Fault: $"有一格不是日期（{Excerpt.Of(value)}）", Remedy: "请在原文件中改正");
    }

    private static int Parse(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : throw new InvalidDataException($"“{Excerpt.Of(number)}”不是数字");
}
