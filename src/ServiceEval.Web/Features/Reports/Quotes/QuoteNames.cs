using System.Text.RegularExpressions;

namespace ServiceEval.Web.Features.Reports.Quotes;

/// <summary>
/// Matches the ways in which citizens name people: with a title, as 小王 and 老李, after 叫 and 姓, and with the full name.
/// </summary>
internal static partial class QuoteNames
{
    /// <summary>The most frequent surnames with which few other words begin.</summary>
    private const string Clear =
        "王李张刘陈杨赵吴徐孙朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡杜魏吕沈姚卢姜崔谭汪廖韦贾邹孟秦邱侯尹薛闫阎陶郝龚邵覃戴樊翟窦岳聂殷葛尚靳耿";

    /// <summary>
    /// Surnames that are also words. They count as names only before a title, or after a word that announces a name,
    /// such as 姓 or 叫.
    /// </summary>
    private const string Other =
        "周黄马何高田叶程苏丁任钟陆范石金夏方付白熊江段雷龙贺顾毛万钱严武莫孔汤常温康施牛洪史安管盛柴焦齐柳游欧于余丛仝祝申穆晁郜寇荆卫车关代海宁甘米柏阮颜兰詹路祁倪鲁庞裴瞿霍柯包章左舒尤冷华季项凌梅童鲍解查古池单苗毕戚应简容曲";

    /// <summary>
    /// Words that begin with a possible surname. A person whose name is such a word is not detected. So the list
    /// contains only words that hardly anybody has as a name.
    /// </summary>
    private const string Words =
        "谢谢|谢意|许多|许可|许久|曾经|曾[来去到在打问]|张(?:贴(?!心)|罗|嘴|口|表|纸|照片|证|单|票|卡|复印|申请|桌|椅)|任[何务由]|应[该当届由付答急对]|高[效龄度高]|高素质|高峰期|万[分一不]|方便|方[面式法言]|周[到末边围]|严[格重肃]"
        + "|常[常用年]|关[于心注照系键门闭机窗]|解[释决答除]|程[序度]|安[排全装]|单[位独子据]|毕[竟业]|管(?:一管|管|好|不|理|用|得|过|事|住)|于是|白[白跑来等去交费天]|包[括含]|简[单直]|查[一不询看清出到找验阅实处无]|路[上过程]|项目"
        + "|车[辆位管]|代[办理替为]|海关|康复|季度|容易|温[柔和]|冷[漠淡冰脸言]|金[融额]|马[上虎]|何[时必况]|左右|毛病|顾[客不]|付[款费钱出]|钟头|陆续|范[围本]|申[请报领办诉]|齐全|卫生|游客";

    /// <summary>Words that end with a possible surname: 感谢, 一张, 不许, 由于.</summary>
    private const string Within =
        "(?<=[感多致答道酬]|(?<!感)谢)谢|(?<=任)何|(?<=[紧扩慌一二两三四五六七八九十几半多])张|(?<=[也或不允准少容])许|(?<=荒)唐|(?<=[园森农山树造])林|(?<=[么的]时)侯|(?<=霸)王|(?<=(?<!银)行)李|(?<=[高时])尚|(?<=[由对关鉴基])于(?=工作人员)";

    private const string Surname =
        $"(?!{Words}|{Within})(?:欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|令狐|[{Clear}{Other}])";

    /// <summary>The characters of given names: all except those of the smallest words.</summary>
    private const string Given =
        @"[\p{IsCJKUnifiedIdeographs}-[的了着吗呢吧啊么们是不没被把让给很也都就还这那我你您他她它]]";

    /// <summary>The texts that may follow a full name.</summary>
    private const string After = @"[的，。！？、；\s]|很|非常|特别|太|真|态度|服务|说|在|给|帮|不|耐心|热情|$";

    private const string Title =
        "先生|女士|小姐|主任|科长|局长|股长|所长|站长|队长|部长|处长|书记|经理|主管|会计|大姐|大哥|姐姐?|哥哥?|妹妹?|弟弟?|叔叔?|阿姨|姨|婶|大爷|大妈|大娘|爷爷|奶奶|师傅|老师|同志|美女|帅哥|医生|警官|律师|老板|班长|组长|校长|院长|镇长|乡长|村长|支书|工作人员|总(?![是会要在不算得体结共之有让说能的])|某+|[Xx×＊*○]+";

    public static Regex[] All => [ByTitle(), ByVerb(), Familiar(), AfterRole(), AfterWindow(), InFull()];

    [GeneratedRegex(
        $"[小老]?{Surname}(?:{Given}{{0,2}}?)(?:{Title})|(?!{Words}|{Within})[{Clear}](?:总(?!是|会计|共|之|体|结|算)|[局科处所队院](?=[，。！？、；\\s的说让在不就也很]|$))|{Surname}[Xx×＊*○]+",
        RegexOptions.None,
        QuoteRedaction.Limit
    )]
    private static partial Regex ByTitle();

    [GeneratedRegex(
        $"(?:名字?|我|他|她|人家?)?(?:名叫|叫做?|叫作|姓名是?|名字[是叫]|我是|本人|署名)[:：]?\\s*{Surname}{Given}{{1,2}}|(?<![百同改])姓(?!名|氏){Surname}(?:的|某+)?|(?<![百同改])姓(?!名|氏)\\s?{Given}的?|名叫{Given}{{2,3}}",
        RegexOptions.None,
        QuoteRedaction.Limit
    )]
    private static partial Regex ByVerb();

    [GeneratedRegex(
        $"[小老阿](?!{Words}|张贴)(?:[{Clear}]|(?!程序|方面|马路|时|康|白|高|江|于|路|单|包|米|关|华|应|游|常|何况|车|童|曲|齐)[{Other}])|小高(?=[，。、！\\s的很说]|$)",
        RegexOptions.None,
        QuoteRedaction.Limit
    )]
    private static partial Regex Familiar();

    [GeneratedRegex(
        $"(?<=工作人员|办事员|办事人员|窗口人员|接待员?|导办员?|经办人|业务员|柜员|前台|负责人|领导|主任|科长|感谢|谢谢|表扬|投诉|举报|点名)(?:了|是|叫|[:：])?(?!谢谢|许多|许可|曾经|张贴|任何|应该|高效|万分|方便|周到|严格|常常|管一管|管管|管好|关于|解释|解决|程序|安排|单位|应当)(?:{Surname}){Given}{{1,2}}?(?=[的，。！、；\\s]|很|非常|特别|太|真|态度|服务|说|在|给|帮|不|耐心|热情|$)",
        RegexOptions.None,
        QuoteRedaction.Limit
    )]
    private static partial Regex AfterRole();

    /// <summary>
    /// After a window, after a text that was removed before, and after praise or blame, every surname counts.
    /// </summary>
    [GeneratedRegex(
        $"(?<=(?:〕|窗口)的?|(?:感谢|表扬|批评|投诉|举报)一下){Surname}{Given}{{1,2}}?(?={After})",
        RegexOptions.None,
        QuoteRedaction.Limit
    )]
    private static partial Regex AfterWindow();

    [GeneratedRegex(
        $"(?!{Words}|{Within}|陈述|陈旧|胡乱|胡说|胡来|林业|林木|林地|林权|罗列|罗嗦|郑重|肖像|董事|杜绝|孙子|孙女|戴(?:口罩|眼镜|帽|手套|上|有|好|头|胸|工|党|一|个|耳)|唐突|陶瓷|尚[未可无且有在]|岳父|岳母|葛根|耿直|李子)[{Clear}]{Given}{{1,2}}(?=[的，。！？、；\\s]|同志|态度|服务|说|在|很|非常|特别|太|真|给|帮|把|让|耐心|热情|办事|点赞|辛苦|为|$)",
        RegexOptions.None,
        QuoteRedaction.Limit
    )]
    private static partial Regex InFull();
}
