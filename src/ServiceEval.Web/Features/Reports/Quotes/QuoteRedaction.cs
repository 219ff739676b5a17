using System.Text;
using System.Text.RegularExpressions;

namespace ServiceEval.Web.Features.Reports.Quotes;

/// <summary>
/// Removes from a comment everything that could identify a window, a time or a person. It removes too much rather than
/// too little, because the people whom a report mentions also read it. No list of words contains every name. So a
/// person who passes a report on should read its quotes.
/// </summary>
public static partial class QuoteRedaction
{
    public const string Mark = "〔略〕";

    /// <summary>
    /// The longest time in milliseconds that one pattern may take for one comment. Far less is normal.
    /// </summary>
    internal const int Limit = 2_000;

    private const string Numerals = "零〇○一二三四五六七八九十百千两幺壹贰叁肆伍陆柒捌玖拾廿卅";

    /// <summary>Words that stand before 窗口 or a place without naming it. A name ends at such a word.</summary>
    private const string Joints =
        "的了在去到从向对给把被问和与及或我你您他她它们咱这那哪每各几多两一个某另其别些有没是就都也还又再才只换跑让叫说来回找排等着过请至比同要由以但很么为";

    /// <summary>Words before 窗口 or 大厅 that do not say which one it is.</summary>
    private const string General =
        "中间|期间|大?半天|半?小时|分钟|服务|办事|业务|办理|人工|开放|工作|结果|最后|最终|后来|现在|当时|居然|竟然|突然|终于|如果|虽然|然后|已经|好像|感觉|觉得|发现|希望|建议|全部|大厅|中心|相关|部分|对应|指定|专门|增加|增设|新增|关闭|空闲|政务|行政|便民|为民";

    private const string Han = @"\p{IsCJKUnifiedIdeographs}";

    /// <summary>Digits that are spoken one by one.</summary>
    private const string Digit = "零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖";

    private const string Parts =
        "凌晨|清晨|清早|一大?早|大?早上|早晨|今早|上午|中午|正午|午后|下午|傍晚|晚上|今晚|昨晚|夜里|半夜";

    /// <summary>Approximate numbers, such as 五六趟.</summary>
    private const string About = "(?:一二|二三|三四|四五|五六|六七|七八|八九|三五)[个次趟天人遍种张份回家句块步位里]";

    /// <summary>
    /// The order is necessary: a pattern for a whole expression must run before a pattern that would cut it into
    /// pieces.
    /// </summary>
    internal static readonly Regex[] Telling =
    [
        Address(),
        Account(),
        Plate(),
        Counter(),
        NamedPlace(),
        Clock(),
        Date(),
        Occasion(),
        Spoken(),
        Code(),
        .. QuoteNames.All,
    ];

    public static string Of(string comment)
    {
        try
        {
            var text = Spaces().Replace(Plain(comment), " ").Trim();
            foreach (var pattern in Telling)
                text = pattern.Replace(text, Mark);
            return Adjacent().Replace(text, Mark);
        }
        catch (RegexMatchTimeoutException)
        {
            // Nothing of a comment is shown if it was not searched completely.
            return Mark;
        }
    }

    /// <summary>
    /// Converts full-width letters and digits to ASCII. Invisible characters are removed, because they could split a
    /// number.
    /// </summary>
    private static string Plain(string text) =>
        text.EnumerateRunes()
            .Where(r => Rune.GetUnicodeCategory(r) != System.Globalization.UnicodeCategory.Format)
            .Aggregate(
                new StringBuilder(),
                (plain, rune) =>
                    rune.Value is >= 0xFF10 and <= 0xFF19 or >= 0xFF21 and <= 0xFF3A or >= 0xFF41 and <= 0xFF5A
                        ? plain.Append((char)(rune.Value - 0xFEE0))
                        : plain.Append(rune.ToString())
            )
            .ToString();

    [GeneratedRegex(@"\s+", RegexOptions.None, Limit)]
    private static partial Regex Spaces();

    [GeneratedRegex(
        @"(?:https?://|www\.)[^\s，。；！？、）”]+|[\w.+-]+@[\w.-]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org|gov|top|vip)\b[^\s，。；！？、）”]*",
        RegexOptions.IgnoreCase,
        Limit
    )]
    private static partial Regex Address();

    [GeneratedRegex(
        @"(?:微信|薇信|V信|VX|WX|QQ|扣扣|抖音|快手|支付宝|钉钉|工号|编号|单号|证号|牌号|胸牌|工牌)(?:号码?|群|账号|昵称|上)?(?:是|为|叫|[:：]){0,2}\s*[A-Za-z0-9_-]+",
        RegexOptions.IgnoreCase,
        Limit
    )]
    private static partial Regex Account();

    [GeneratedRegex(
        @"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-Z]\s?[·•.—-]?\s?[A-Z0-9]{4,6}",
        RegexOptions.IgnoreCase,
        Limit
    )]
    private static partial Regex Plate();

    [GeneratedRegex(
        $@"(?!一窗(?:受理|通办|办|式|统))(?:第[\d{Numerals}]+\s?个|第?(?:[\d{Numerals}]+|[A-Z]\d*)\s?[号#]?)(?:的|那个|这个)?(?:服务|办事)?(?:窗口?|柜台?|工位|席位|坐席|台席|服务台)|(?<=[窗柜]口?台?)(?:\d+号?|[{Numerals}]+号|(?!一一)[{Digit}十]{{2,}}|[{Digit}十](?=的|[，。、；！？\s]|$))",
        RegexOptions.IgnoreCase,
        Limit
    )]
    private static partial Regex Counter();

    [GeneratedRegex(
        $@"[{Han}（）()“”-[{Joints}]]{{2,14}}(?<!(?<![{Han}（）()“”-[{Joints}]])(?:{General})+)(?:窗口|专窗|专区|柜台|服务台|咨询台|导办台|自助区|服务中心|服务大厅|分中心|大队|派出所)|[{Han}-[{Joints}老家故同下]]{{1,6}}(?<!(?<![{Han}-[{Joints}]])[城乡村集返进](?=[镇乡]))(?:镇(?!居民|职工)|乡(?!亲|下|村|居民|养老|医|低保|建设|规划|一体)|街道|社区)(?:便民|政务)?(?:服务)?(?:中心|大厅)?|[{Numerals}\d]+(?:楼|层|排|厅)[东南西北左右]?(?:边|侧|角|头)?",
        RegexOptions.None,
        Limit
    )]
    private static partial Regex NamedPlace();

    [GeneratedRegex(
        $@"(?!一时半会|[二两三四五六]点(?:建议|意见|不足|问题|感受|想法|原因|体会|疑问))(?:(?:{Parts})?(?:的?时候)?(?:[\d{Numerals}]+(?:点|时)(?=半|钟|多|左右|整|[\d{Numerals}]|一刻)|(?<={Parts})[\d{Numerals}]+(?:点|时)|[\d二三四五六七八九十两廿]+[\d{Numerals}]*点)(?:半|钟|多|左右|整|来钟|过|一刻|三刻|[\d{Numerals}]+分?)*|\d+\s?[:：]\s?\d\d|(?<!(?<![周期拜十初])一(?:整?个)?|整个?)(?:{Parts}))",
        RegexOptions.None,
        Limit
    )]
    private static partial Regex Clock();

    [GeneratedRegex(
        $@"(?:农历|阴历|阳历)?(?:(?:[\d{Numerals}]+|本|当|上个?|这个?|下个?|腊|正|冬)(?:年|月份?))+(?:初[{Numerals}]+|[\d{Numerals}]+[日号]?|初|中旬?|底|末|上旬|下旬)?|[\d{Numerals}]+[日号]|初[{Numerals}]+|(?:[上下本这]个?)?(?:周|星期|礼拜)[一二三四五六七日天末\d]|[上下本这]个?(?:周|星期|礼拜)|\d+[./-]\d+(?:[./-]\d+)?",
        RegexOptions.None,
        Limit
    )]
    private static partial Regex Date();

    [GeneratedRegex(
        @"大?[前昨今明后]天|今日|昨日|前日|次日|当天|那天|当日|前几天|这两天|前两天|去年|今年|前年|年初|年底|月初|月底|月中|元旦|春节|(?<!超)过年(?!龄|限|度)|清明|五一|端午|中秋|国庆|十一期间|节前|节后|双休日|周末|刚刚|刚才|方才|(?:快要?|临近?|马上要?|刚要?)(?:上班|下班|开门|关门|午休)(?:的?时候|前|时|了)?|(?:上班|下班|开门|关门|午休)[前后]",
        RegexOptions.None,
        Limit
    )]
    private static partial Regex Occasion();

    /// <summary>Matches digits that are spoken one by one, as in a telephone number.</summary>
    [GeneratedRegex(
        $@"[A-Za-z_-]*[{Digit}\d](?:\s?[{Digit}\d]){{2,}}[A-Za-z\d_-]*|[{Digit}\d](?:[\s、，,.·—-]{{1,2}}[{Digit}\d]){{4,}}|(?!一一(?!号)|{About}|(?<=乱)七八糟)[零〇一二三四五六七八九十幺]{{2,}}号?",
        RegexOptions.None,
        Limit
    )]
    private static partial Regex Spoken();

    [GeneratedRegex(@"[A-Za-z_-]*[\p{N}-[〇]][A-Za-z\p{N}_-]*", RegexOptions.None, Limit)]
    private static partial Regex Code();

    [GeneratedRegex($@"{Mark}(?:[\s、，,的和与及到至/~～—:：.·-]{{0,2}}{Mark})+", RegexOptions.None, Limit)]
    private static partial Regex Adjacent();
}
