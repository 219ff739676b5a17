using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceEval.Core.Places;

namespace ServiceEval.Web.Features.Places;

/// <summary>The rules for the cells of a set. Each rule returns a clause that says what is wrong, or null.</summary>
internal static partial class Must
{
    /// <summary>
    /// A spreadsheet keeps 15 digits of a number. If more than three zeros follow them, this cannot be chance.
    /// </summary>
    private const int ExactDigits = 15,
        CertainZeros = 3;

    public static Func<string, string?> BeText(int most) =>
        value => value.Length == 0 ? "不能是空的" : BeTextOrEmpty(most)(value);

    public static Func<string, string?> BeTextOrEmpty(int most) =>
        value => SeedText.FaultOf(value) ?? (value.Length > most ? $"有 {value.Length} 个字，最多 {most} 个" : null);

    public static string? BeDepartmentCode(string value) =>
        Code(value, DepartmentCode(), "应为18位统一社会信用代码，由半角数字和大写字母组成");

    public static string? BeItemCode(string value) =>
        Code(value, ItemCode(), "应为1～31位实施编码，由半角字母、数字和连字符组成");

    public static string? BeRegionCode(string value) => Code(value, RegionCode(), "应为12位行政区划代码");

    public static string? BeRegionCodeOrEmpty(string value) => value.Length == 0 ? null : BeRegionCode(value);

    public static string? BeDateOrEmpty(string value) =>
        value.Length == 0 || SeedText.DateOf(value) is not null ? null : "应为 2026-01-05 这样的日期";

    /// <summary>A hall with the code of a region would have the same reports as the region.</summary>
    public static string? BeHallCode(string value) =>
        value == Region.RootAlias ? $"不能是“{Region.RootAlias}”，它在报告中表示全县"
        : RegionCode().IsMatch(value) ? "不能是12位数字，那是行政区划代码"
        : Code(value, HallCode(), "不能用在网址里，应为1～40个半角小写字母、数字或连字符");

    public static string? BeWindowNumber(string value) =>
        Code(value, WindowNumber(), "应为1～20个字，由汉字、半角字母、数字和连字符组成，中间没有空格");

    public static string? BeNationalTag(string value) => Code(value, NationalTag(), "应为三位数字");

    public static string? BeLocalTag(string value) =>
        NationalTag().IsMatch(value)
            ? "三位数字是国家标签的编码，自设标签应以字母 L 开头，如 L501"
            : Code(value, LocalTag(), "应以字母 L 开头，后面是1～19个半角字母或数字，如 L501");

    public static Func<string, string?> BeOneOf<T>()
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
        return value =>
            names.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"应为 {string.Join("、", names)} 之一";
    }

    /// <summary>Accepts any case, because spreadsheets write the value in capitals.</summary>
    public static string? BeBoolean(string value) =>
        bool.TryParse(value, out _) ? null : "应为 true（是）或 false（否）";

    public static Func<string, string?> BeWithin(int least, int most) =>
        value =>
            int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
                ? null
                : $"应为 {least}～{most} 的整数";

    /// <summary>
    /// Accepts a name of the IANA time zone database, which browsers know too. The machine's own files have more names,
    /// and some of those mean the machine's own zone.
    /// </summary>
    public static string? BeTimeZone(string value)
    {
        if (value.Length == 0)
            return "不能是空的，应为 IANA 时区名，如 Asia/Shanghai";
        var isIana = TimeZoneInfo.TryConvertIanaIdToWindowsId(value, out _);
        if (!isIana && TimeZoneInfo.TryConvertWindowsIdToIanaId(value, out var iana))
            return $"这是 Windows 的时区名，应为 {iana}";
        var isKnown = TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone) && zone.Id == value;
        return isIana && isKnown && value.Length <= Hall.MaxTimeZone
            ? null
            : "没有这个时区，应为 IANA 时区名，如 Asia/Shanghai";
    }

    public static string? BeOpeningHours(string value)
    {
        if (value.Length == 0)
            return null;
        // The pages of the halls show the opening hours in words.
        return value.Length <= Hall.MaxOpeningHours && OpeningHoursText.Of(value) is not null
            ? null
            : "无法识别，应如 Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00（Mo、Tu、We、Th、Fr、Sa、Su 为周一至周日），全天为 24/7，不写也可以";
    }

    public static string? BeTelephone(string value)
    {
        const string Right = "应为电话号码，如 0393-1234567，几个号码之间用顿号隔开";
        if (value.Length == 0)
            return null;
        if (value.Length > Hall.MaxTelephone)
            return $"最多 {Hall.MaxTelephone} 个字，{Right}";
        foreach (var number in value.Split('、', StringSplitOptions.TrimEntries))
        {
            if (!Telephone().IsMatch(number) || number.Count(char.IsAsciiDigit) is < 3 or > 20)
                return Right;
            if (ZeroLost().IsMatch(number))
                return $"区号前的 0 可能被 Excel 去掉了，{Right}";
        }
        return null;
    }

    public static Func<string, string?> BeAliases(int most) =>
        value =>
        {
            if (value.Length > most)
                return $"有 {value.Length} 个字，最多 {most} 个";
            var aliases = Aliases.Split(value);
            if (aliases.Any(a => a.Length > 20))
                return $"“{aliases.First(a => a.Length > 20)}”太长，每个别名最多 20 个字，几个别名之间用“|”或“；”隔开";
            return aliases.Select(SeedText.FaultOf).FirstOrDefault(fault => fault is not null)
                ?? (
                    aliases.GroupBy(a => a, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)
                        is { } twice
                        ? $"“{twice.Key}”写了不止一次"
                        : null
                );
        };

    private static string? Code(string value, Regex pattern, string right)
    {
        if (value.Length == 0)
            return $"不能是空的，{right}";
        if (SeedText.FaultOf(value) is { } fault)
            return fault;
        if (!pattern.IsMatch(value))
            return right;
        // If a spreadsheet took a long code for a number, zeros replace its last digits.
        return
            value.Length > ExactDigits + CertainZeros
            && value.All(char.IsAsciiDigit)
            && value[ExactDigits..].All(digit => digit == '0')
            ? "末尾几位已被 Excel 改成 0，请把这一列设为文本后重新填写"
            : null;
    }

    [GeneratedRegex(@"\A[0-9]{12}\z")]
    private static partial Regex RegionCode();

    [GeneratedRegex(@"\A[0-9A-Z]{18}\z")]
    private static partial Regex DepartmentCode();

    [GeneratedRegex(@"\A[0-9A-Za-z-]{1,31}\z")]
    private static partial Regex ItemCode();

    [GeneratedRegex(@"\A[a-z0-9-]{1,40}\z")]
    private static partial Regex HallCode();

    [GeneratedRegex(@"\A[0-9A-Za-z\u4E00-\u9FFF]([0-9A-Za-z\u4E00-\u9FFF-]{0,18}[0-9A-Za-z\u4E00-\u9FFF])?\z")]
    private static partial Regex WindowNumber();

    [GeneratedRegex(@"\A[0-9]{3}\z")]
    private static partial Regex NationalTag();

    [GeneratedRegex(@"\AL[0-9A-Za-z]{1,19}\z")]
    private static partial Regex LocalTag();

    [GeneratedRegex(@"\A(\+[0-9]{1,3}[ -]?)?(\([0-9]{2,4}\) ?)?[0-9]+([ -][0-9]+)*(转[0-9]{1,6})?\z")]
    private static partial Regex Telephone();

    /// <summary>
    /// Matches a number that is too long for a number within a town and is neither a mobile number nor a 400 or 800
    /// number.
    /// </summary>
    [GeneratedRegex(@"\A(?!400|800)[2-9][0-9]{8,10}\z")]
    private static partial Regex ZeroLost();
}
