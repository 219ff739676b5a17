using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using ServiceEval.Core.Ratings;
using ServiceEval.Simulator;
using ServiceEval.Web.Features.Reports.Quotes;

namespace ServiceEval.Tests.Reports.Quotes;

/// <summary>
/// Tests comments as citizens write them about service windows. Every name and number in them is invented.
/// </summary>
public sealed partial class QuoteRedactionTests
{
    private const string Mark = QuoteRedaction.Mark;

    /// <summary>
    /// The parts of a comment with a number: digits in all their forms, and the characters between them.
    /// </summary>
    private static readonly Gen<string> Numbers = Gen.OneOf(
        Gen.Int[0, 9].Select(d => d.ToString(CultureInfo.InvariantCulture)),
        Gen.Int[0, 9].Select(d => ((char)('０' + d)).ToString()),
        Gen.Int[0, 9].Select(d => "零一二三四五六七八九"[d].ToString()),
        Gen.Int[0, 9].Select(d => "〇壹贰叁肆伍陆柒捌玖"[d].ToString()),
        Gen.OneOf(
            "两",
            "幺",
            "○",
            "①",
            "٣",
            "\u200b",
            " ",
            "　",
            "-",
            "—",
            "、",
            "点",
            "年",
            "月",
            "号",
            "窗口",
            "十",
            "百",
            "的",
            "电话",
            "QQ",
            "，",
            "X",
            "王",
            "老",
            "个",
            "乱",
            "糟",
            "一上午",
            "几"
        )
    );

    [Fact]
    public void No_comment_can_keep_a_pattern_busy_for_long() =>
        Assert.All(
            QuoteRedaction.Telling,
            pattern => Assert.True(pattern.MatchTimeout <= TimeSpan.FromMilliseconds(QuoteRedaction.Limit))
        );

    [Theory]
    [InlineData("打13800138000没有人接。", "打〔略〕没有人接。")]
    [InlineData("我的电话是138 0013 8000，请回电。", "我的电话是〔略〕，请回电。")]
    [InlineData("请打138-0013-8000找我。", "请打〔略〕找我。")]
    [InlineData("电话１３８００１３８０００，一直占线。", "电话〔略〕，一直占线。")]
    [InlineData("手机一三八零零一三八零零零，等回话。", "手机〔略〕，等回话。")]
    [InlineData("手机幺三八 零零幺三 八零零零，等回话。", "手机〔略〕，等回话。")]
    [InlineData("手机一、三、八、零、零、一、三、八、零、零、零。", "手机〔略〕。")]
    [InlineData("手机一三八○○一三八○○○，等回话。", "手机〔略〕，等回话。")]
    [InlineData("手机138零零13八000，等回话。", "手机〔略〕，等回话。")]
    [InlineData("座机0393-8881234没人接。", "座机〔略〕没人接。")]
    [InlineData("座机（0393）8881234没人接。", "座机（〔略〕）〔略〕没人接。")]
    [InlineData("打12345投诉也没用。", "打〔略〕投诉也没用。")]
    [InlineData("1 3 8 0 0 1 3 8 0 0 0回我电话", "〔略〕回我电话")]
    public void Telephone_numbers_are_left_out_however_they_are_written(string comment, string quote) =>
        Assert.Equal(quote, QuoteRedaction.Of(comment));

    [Theory]
    [InlineData("身份证41092819800101123X查不到信息。", "身份证〔略〕查不到信息。")]
    [InlineData("身份证410928 19800101 123x查不到信息。", "身份证〔略〕查不到信息。")]
    [InlineData("身份证４１０９２８１９８００１０１１２３Ｘ查不到信息。", "身份证〔略〕查不到信息。")]
    [InlineData("受理编号HN202611180042一直没有进度。", "受理〔略〕一直没有进度。")]
    [InlineData("卡号6228480000000000000被退回。", "卡号〔略〕被退回。")]
    [InlineData("户口本2023年11月3日补办的。", "户口本〔略〕补办的。")]
    public void Numbers_of_papers_are_left_out(string comment, string quote) =>
        Assert.Equal(quote, QuoteRedaction.Of(comment));

    [Theory]
    [InlineData("加我微信zhang_wei回复。", "加我〔略〕回复。")]
    [InlineData("加我微信号是：lihua-pu，谢谢。", "加我〔略〕，谢谢。")]
    [InlineData("微信号：wx88hua，尽快回复。", "〔略〕，尽快回复。")]
    [InlineData("ＱＱ：123456789", "〔略〕")]
    [InlineData("可以加QQ 12345678说。", "可以加〔略〕说。")]
    [InlineData("邮箱是zhangsan@example.com，请回复。", "〔略〕，请回复。")]
    [InlineData("照片发在www.example.com/a/b了，请看。", "照片发在〔略〕，请看。")]
    [InlineData("工号A17的那位一直看手机。", "〔略〕的那位一直看手机。")]
    public void Accounts_and_addresses_are_left_out(string comment, string quote) =>
        Assert.Equal(quote, QuoteRedaction.Of(comment));

    [Theory]
    [InlineData("我的车豫J12345年检没办成。", "我的车〔略〕年检没办成。")]
    [InlineData("我的车豫J·A1234年检没办成。", "我的车〔略〕年检没办成。")]
    [InlineData("我的车豫JD12345年检没办成。", "我的车〔略〕年检没办成。")]
    [InlineData("我的车豫ｊ１２３４５年检没办成。", "我的车〔略〕年检没办成。")]
    [InlineData("我的车豫J—12345年检没办成。", "我的车〔略〕年检没办成。")]
    public void Number_plates_are_left_out(string comment, string quote) =>
        Assert.Equal(quote, QuoteRedaction.Of(comment));

    [Theory]
    [InlineData("3号窗口没有人。", "〔略〕没有人。")]
    [InlineData("三号窗口没有人。", "〔略〕没有人。")]
    [InlineData("第三个窗口没有人。", "〔略〕没有人。")]
    [InlineData("A03号窗口没有人。", "〔略〕没有人。")]
    [InlineData("１２号窗口没有人。", "〔略〕没有人。")]
    [InlineData("十二号柜台没有人。", "〔略〕没有人。")]
    [InlineData("窗口3没有人。", "窗口〔略〕没有人。")]
    [InlineData("窗口三的人总是不在。", "窗口〔略〕的人总是不在。")]
    [InlineData("窗口十二号没有人。", "窗口〔略〕没有人。")]
    [InlineData("让我去不动产登记窗口排队。", "让我去〔略〕排队。")]
    [InlineData("社保医保窗口和户籍窗口互相推。", "〔略〕互相推。")]
    [InlineData("在“办不成事”反映窗口也没有用。", "在〔略〕也没有用。")]
    [InlineData("到柳屯镇便民服务中心办不了。", "到〔略〕办不了。")]
    [InlineData("从习城乡跑过来的。", "从〔略〕跑过来的。")]
    [InlineData("二楼东边没有指示牌。", "〔略〕没有指示牌。")]
    public void Windows_and_places_are_left_out(string comment, string quote) =>
        Assert.Equal(quote, QuoteRedaction.Of(comment));

    [Theory]
    [InlineData("上午十点来的，没有号了。", "〔略〕来的，没有号了。")]
    [InlineData("下午3点半就不办了。", "〔略〕就不办了。")]
    [InlineData("9：40到的，一直等着。", "〔略〕到的，一直等着。")]
    [InlineData("十一点四十到的，一直等着。", "〔略〕到的，一直等着。")]
    [InlineData("10时30分到的，一直等着。", "〔略〕到的，一直等着。")]
    [InlineData("中午没有人值班。", "〔略〕没有人值班。")]
    [InlineData("周一上午没有人。", "〔略〕没有人。")]
    [InlineData("十一月初一上午没有人。", "〔略〕没有人。")]
    [InlineData("快下班时来的，不给办。", "〔略〕来的，不给办。")]
    [InlineData("11月18日来办的。", "〔略〕来办的。")]
    [InlineData("十一月十八号来办的。", "〔略〕来办的。")]
    [InlineData("2026年11月交的材料。", "〔略〕交的材料。")]
    [InlineData("上周五来过，说缺材料。", "〔略〕来过，说缺材料。")]
    [InlineData("星期三和星期四都来了。", "〔略〕都来了。")]
    [InlineData("昨天说可以，今天又不行。", "〔略〕说可以，〔略〕又不行。")]
    [InlineData("2026.11.18来的，2026-11-19又来。", "〔略〕来的，〔略〕又来。")]
    [InlineData("过年前交的，清明了还没有结果。", "〔略〕前交的，〔略〕了还没有结果。")]
    public void Times_and_dates_are_left_out(string comment, string quote) =>
        Assert.Equal(quote, QuoteRedaction.Of(comment));

    [Theory]
    [InlineData("李科长不签字。", "〔略〕不签字。")]
    [InlineData("找王主任也没有用。", "找〔略〕也没有用。")]
    [InlineData("欧阳主任说不行。", "〔略〕说不行。")]
    [InlineData("马晓丽主任说不行。", "〔略〕说不行。")]
    [InlineData("周老师很耐心。", "〔略〕很耐心。")]
    [InlineData("感谢王老师。", "感谢〔略〕。")]
    [InlineData("感谢谢老师。", "感谢〔略〕。")]
    [InlineData("张姐和刘哥互相推。", "〔略〕互相推。")]
    [InlineData("王总说下周再办。", "〔略〕说〔略〕再办。")]
    [InlineData("陈总不在，谁也不敢办。", "〔略〕不在，谁也不敢办。")]
    [InlineData("曹科不签字，李局也不管。", "〔略〕不签字，〔略〕也不管。")]
    [InlineData("小王同志服务周到。", "〔略〕服务周到。")]
    [InlineData("王某某态度恶劣。", "〔略〕态度恶劣。")]
    [InlineData("李XX态度恶劣。", "〔略〕态度恶劣。")]
    [InlineData("张**态度恶劣。", "〔略〕态度恶劣。")]
    [InlineData("穿白衣服姓刘的不耐烦。", "穿白衣服〔略〕不耐烦。")]
    public void A_name_with_a_title_is_left_out(string comment, string quote) =>
        Assert.Equal(quote, QuoteRedaction.Of(comment));

    [Theory]
    [InlineData("小王很耐心。", "〔略〕很耐心。")]
    [InlineData("小张多次帮忙，很感动。", "〔略〕多次帮忙，很感动。")]
    [InlineData("小李可好了，一直帮忙。", "〔略〕可好了，一直帮忙。")]
    [InlineData("老赵不在就办不了。", "〔略〕不在就办不了。")]
    [InlineData("让小周办，小周让小马办。", "让〔略〕办，〔略〕让〔略〕办。")]
    [InlineData("工号0213的小王让我找李科长。", "〔略〕让我找〔略〕。")]
    public void A_surname_said_familiarly_is_left_out(string comment, string quote) =>
        Assert.Equal(quote, QuoteRedaction.Of(comment));

    [Theory]
    [InlineData("那个叫陈丽的态度不好。", "那个〔略〕的态度不好。")]
    [InlineData("工作人员名叫赵大山，很热情。", "工作人员〔略〕，很热情。")]
    [InlineData("我是王小明，等了很久。", "〔略〕，等了很久。")]
    [InlineData("给王婷点赞！", "给〔略〕点赞！")]
    [InlineData("表扬一下丁一！", "表扬一下〔略〕！")]
    [InlineData("姓名：周丽娟，请核实。", "〔略〕，请核实。")]
    [InlineData("本人马大山，请回复。", "〔略〕，请回复。")]
    [InlineData("工作人员周丽娟态度差。", "工作人员〔略〕态度差。")]
    [InlineData("工作人员王芳说话难听。", "工作人员〔略〕说话难听。")]
    [InlineData("感谢马晓丽的耐心。", "感谢〔略〕的耐心。")]
    [InlineData("表扬孔祥，服务好。", "表扬〔略〕，服务好。")]
    [InlineData("投诉高建国，推来推去。", "投诉〔略〕，推来推去。")]
    [InlineData("3号窗口周丽娟态度恶劣。", "〔略〕态度恶劣。")]
    [InlineData("3号窗口的周丽娟态度恶劣。", "〔略〕态度恶劣。")]
    [InlineData("窗口马晓丽不耐烦。", "窗口〔略〕不耐烦。")]
    [InlineData("银行李丽让我来的。", "银行〔略〕让我来的。")]
    [InlineData("业主张丽在等。", "业主〔略〕在等。")]
    [InlineData("高素珍主任说不行。", "〔略〕说不行。")]
    [InlineData("王建军态度恶劣。", "〔略〕态度恶劣。")]
    [InlineData("要表扬戴敏，一点不嫌烦。", "要表扬〔略〕，一点不嫌烦。")]
    [InlineData("戴敏态度很好。", "〔略〕态度很好。")]
    [InlineData("负责人王有才不在。", "负责人〔略〕不在。")]
    public void A_name_in_full_is_left_out(string comment, string quote) =>
        Assert.Equal(quote, QuoteRedaction.Of(comment));

    [Theory]
    [InlineData("请领导管一管。")]
    [InlineData("请领导管管。")]
    [InlineData("领导管不管？")]
    [InlineData("请领导查一查。")]
    [InlineData("请领导关注。")]
    [InlineData("排了一个多小时，还是没办成。")]
    [InlineData("同样的证明交了三次，跑了四趟还没有结果。")]
    [InlineData("窗口说系统又坏了，白跑一趟。")]
    [InlineData("能不能一次说清楚？")]
    [InlineData("材料交了又让补，电话里说的和现场说的不一样。")]
    [InlineData("老百姓办事太难了。")]
    [InlineData("城乡居民养老保险办不下来。")]
    [InlineData("城镇居民医保也办不下来。")]
    [InlineData("窗口一直没人。")]
    [InlineData("窗口一个人都没有。")]
    [InlineData("三个窗口只开了一个。")]
    [InlineData("说是一窗受理，其实要跑好几个窗口。")]
    [InlineData("政务服务大厅环境很好。")]
    [InlineData("填了三张表，还要复印两张。")]
    [InlineData("停车位太紧张。")]
    [InlineData("停车位紧张的问题要解决。")]
    [InlineData("感谢工作人员耐心解答。")]
    [InlineData("谢谢老师，谢谢解答。")]
    [InlineData("感谢你们的耐心服务。")]
    [InlineData("由于工作人员不熟练，等了很久。")]
    [InlineData("不允许代办，太荒唐。")]
    [InlineData("工作人员解释不清楚，查不到就说没有。")]
    [InlineData("工作人员冷漠。")]
    [InlineData("任何工作人员都说不归自己管。")]
    [InlineData("方便多了，少跑了很多路。")]
    [InlineData("等了一上午，什么也没办成。")]
    [InlineData("提两点建议，一是多开窗口，二是写清材料。")]
    [InlineData("一时半会办不完。")]
    [InlineData("希望早一点来通知。")]
    [InlineData("材料乱七八糟，没有清单。")]
    [InlineData("跑了五六趟，两三次都说系统坏了。")]
    [InlineData("说我超过年龄，政策又没有写。")]
    [InlineData("缩小范围，材料少一点。")]
    [InlineData("材料不齐全，让我回去拿。")]
    [InlineData("系统总掉线，什么时候能好？")]
    [InlineData("我是应届毕业生，材料太多。")]
    [InlineData("等了半小时窗口没人。")]
    [InlineData("窗口一共三个人，两个在聊天。")]
    [InlineData("窗口解释不清，领导高高在上。")]
    [InlineData("车管所的人说许可证要重新办。")]
    [InlineData("给老人办高龄补贴太麻烦。")]
    [InlineData("需要社区盖章，社区又不给盖。")]
    public void An_ordinary_comment_stays_word_for_word(string comment) =>
        Assert.Equal(comment, QuoteRedaction.Of(comment));

    [Fact]
    public void Of_what_simulated_citizens_write_only_contacts_are_left_out()
    {
        var comments = Simulated();
        var (contacts, ordinary) = (
            comments.Where(c => c.Any(char.IsDigit)).ToList(),
            comments.Where(c => !c.Any(char.IsDigit)).ToList()
        );

        Assert.True(
            contacts.Count >= 5 && ordinary.Count > 200,
            $"{contacts.Count} contacts and {ordinary.Count} others are not all there are."
        );
        Assert.All(ordinary, comment => Assert.Equal(comment, QuoteRedaction.Of(comment)));
        Assert.All(
            contacts,
            comment =>
            {
                var quote = QuoteRedaction.Of(comment);
                Assert.Contains(Mark, quote, StringComparison.Ordinal);
                Assert.DoesNotMatch("[0-9]|王小明|李女士|张师傅|赵大山|王|李|张|赵", quote);
            }
        );
    }

    [Fact]
    public void No_digit_and_no_three_digits_in_words_remain_in_a_quote() =>
        Numbers
            .Array[0, 24]
            .Select(string.Concat)
            .Sample(
                comment =>
                {
                    var quote = QuoteRedaction.Of(comment);
                    Assert.DoesNotContain(quote, r => char.IsDigit(r));
                    Assert.DoesNotMatch(Spoken(), quote);
                },
                iter: 20_000
            );

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("👍👍")]
    [InlineData("好")]
    public void A_comment_that_says_nothing_stays_so(string comment) =>
        Assert.Equal(comment.Trim(), QuoteRedaction.Of(comment));

    [Fact]
    public void A_long_comment_is_redacted_as_a_short_one_is()
    {
        var comment = string.Concat(Enumerable.Repeat("窗口说系统又坏了，白跑一趟，找王主任也没有用。", 100));

        Assert.Equal(comment.Replace("王主任", Mark, StringComparison.Ordinal), QuoteRedaction.Of(comment));
    }

    /// <summary>Returns all comments that the simulator can write. With this number of draws none is missing.</summary>
    private static HashSet<string> Simulated()
    {
        var random = new Random(1);
        return
        [
            .. Grades
                .All.SelectMany(grade =>
                    Enumerable.Range(0, 60_000).Select(i => Comments.Draw(grade, i % 2 == 0, random))
                )
                .Where(c => c.Length > 0),
        ];
    }

    [GeneratedRegex(
        @"[零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖](?:\s?[零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]){2}"
    )]
    private static partial Regex Spoken();
}
