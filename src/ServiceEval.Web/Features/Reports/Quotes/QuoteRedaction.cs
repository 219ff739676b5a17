using System.Text;
using System.Text.RegularExpressions;

namespace ServiceEval.Web.Features.Reports.Quotes;

/// <summary>
/// Takes out of a comment what could lead to a window, a time or a person, rather too much than too little, for a report is
/// also read by those it speaks of. No list of words knows every name: whoever passes a report on should read its quotes.
/// </summary>
public static partial class QuoteRedaction
{
    public const string Mark = "〔略〕";

    private const string Numerals = "零〇一二三四五六七八九十百千两幺壹贰叁肆伍陆柒捌玖拾廿卅";

    /// <summary>Words that stand before 窗口 or a place without naming it; a name ends where one of them is met.</summary>
    private const string Joints = "的了在去到从向对给把被问和与及或我你您他她它们咱这那哪每各几多两一个某另其别些有没是就都也还又再才只换跑让叫说来回找排等着过请至比同";

    private const string Parts = "凌晨|清晨|清早|一大?早|大?早上|早晨|今早|上午|中午|正午|午后|下午|傍晚|晚上|今晚|昨晚|夜里|半夜";

    /// <summary>In this order: what belongs together goes before what would cut it up.</summary>
    private static readonly Regex[] Telling = [Address(), Account(), Plate(), Counter(), NamedPlace(), Clock(), Date(), Occasion(), Spoken(), Code(), .. QuoteNames.All];

    public static string Of(string comment)
    {
        var text = Spaces().Replace(Plain(comment), " ").Trim();
        foreach (var pattern in Telling) text = pattern.Replace(text, Mark);
        return Adjacent().Replace(text, Mark);
    }

    /// <summary>Full-width letters and digits as usual ones; what cannot be seen is dropped, for it could part a number.</summary>
    private static string Plain(string text) => text.EnumerateRunes().Where(r => Rune.GetUnicodeCategory(r) != System.Globalization.UnicodeCategory.Format)
        .Aggregate(new StringBuilder(), (plain, rune) => rune.Value is >= 0xFF10 and <= 0xFF19 or >= 0xFF21 and <= 0xFF3A or >= 0xFF41 and <= 0xFF5A
            ? plain.Append((char)(rune.Value - 0xFEE0))
            : plain.Append(rune.ToString())).ToString();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?:https?://|www\.)[^\s，。；！？、）”]+|[\w.+-]+@[\w.-]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org|gov|top|vip)\b[^\s，。；！？、）”]*", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?:微信|薇信|V信|VX|WX|QQ|扣扣|抖音|快手|支付宝|钉钉|工号|编号|单号|证号|牌号|胸牌|工牌)(?:号码?|群|账号|昵称|上)?(?:是|为|叫|[:：])?\s*[A-Za-z0-9_-]+", RegexOptions.IgnoreCase)]
    private static partial Regex Account();

    [GeneratedRegex(@"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-Z]\s?[·.-]?\s?[A-Z0-9]{4,6}", RegexOptions.IgnoreCase)]
    private static partial Regex Plate();

    [GeneratedRegex($@"第?(?:[\d{Numerals}]+|[A-Z]\d*)\s?[号#个]?(?:的|那个|这个)?(?:服务|办事)?(?:窗口?|柜台?|工位|席位|坐席|台席|服务台)|(?<=[窗柜]口?台?)[\d{Numerals}]+号?", RegexOptions.IgnoreCase)]
    private static partial Regex Counter();

    [GeneratedRegex($@"[\p{{IsCJKUnifiedIdeographs}}（）()“”-[{Joints}]]{{2,14}}(?:窗口|专窗|专区|柜台|服务台|咨询台|导办台|自助区|服务中心|服务大厅|分中心|大队|派出所)|[\p{{IsCJKUnifiedIdeographs}}-[{Joints}老家故同下]]{{1,6}}(?:镇|乡(?!亲|下|村)|街道|社区)(?:便民|政务)?(?:服务)?(?:中心|大厅)?|[{Numerals}\d]+(?:楼|层|排|厅)[东南西北左右]?(?:边|侧|角|头)?")]
    private static partial Regex NamedPlace();

    [GeneratedRegex($@"(?:{Parts})?(?:的?时候)?(?:[\d{Numerals}]+(?:点|时)(?=半|钟|多|左右|整|来|过|[\d{Numerals}]|一刻)|(?<={Parts})[\d{Numerals}]+(?:点|时)|[\d二三四五六七八九十两廿]+[\d{Numerals}]*点)(?:半|钟|多|左右|整|来钟|过|一刻|三刻|[\d{Numerals}]+分?)*|\d+\s?[:：]\s?\d\d|{Parts}")]
    private static partial Regex Clock();

    [GeneratedRegex($@"(?:农历|阴历|阳历)?(?:(?:[\d{Numerals}]+|本|当|上个?|这个?|下个?|腊|正|冬)(?:年|月份?))+(?:[\d{Numerals}]+[日号]?|初|中旬?|底|末|上旬|下旬)?|[\d{Numerals}]+[日号]|初[{Numerals}]+|(?:[上下本这]个?)?(?:周|星期|礼拜)[一二三四五六七日天末\d]|[上下本这]个?(?:周|星期|礼拜)|\d+[./-]\d+(?:[./-]\d+)?")]
    private static partial Regex Date();

    [GeneratedRegex(@"大?[前昨今明后]天|今日|昨日|前日|次日|当天|那天|当日|前几天|这两天|前两天|去年|今年|前年|年初|年底|月初|月底|月中|元旦|春节|过年|清明|五一|端午|中秋|国庆|十一期间|节前|节后|双休日|周末|刚刚|刚才|方才|(?:快要?|临近?|马上要?|刚要?)(?:上班|下班|开门|关门|午休)(?:的?时候|前|时|了)?|(?:上班|下班|开门|关门|午休)[前后]")]
    private static partial Regex Occasion();

    /// <summary>Digits spoken one by one, as in a telephone number.</summary>
    [GeneratedRegex(@"[零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖](?:\s?[零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]){2,}|[零〇一二三四五六七八九十幺]{2,}号?")]
    private static partial Regex Spoken();

    [GeneratedRegex(@"[A-Za-z_-]*[\p{N}-[〇]][A-Za-z\p{N}_-]*")]
    private static partial Regex Code();

    [GeneratedRegex($@"{Mark}(?:[\s、，,的和与及到至/~～—:：.·-]{{0,2}}{Mark})+")]
    private static partial Regex Adjacent();
}
