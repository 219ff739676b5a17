using ServiceEval.Core.Ratings;

namespace ServiceEval.Simulator;

/// <summary>
/// The comments that citizens write. Most citizens write nothing, some write a sentence or two. All names and numbers
/// in the comments are invented.
/// </summary>
internal static class Comments
{
    private const double FromTheContent = 0.05;
    private const double FromTheDiscontented = 0.3;

    /// <summary>
    /// The share of the written comments that contain a name or a telephone number. Reports must hide these.
    /// </summary>
    private const double WithContact = 0.03;

    private static readonly string[] Contacts =
    [
        "我叫王小明，电话13800000000，请回电说明办理进度。",
        "麻烦给13900000000回个电话，谢谢。",
        "联系人李女士，手机15800000000，材料落在窗口了。",
        "请转告张师傅，我的微信和手机号都是13800000000。",
        "本人赵大山，电话13700000000，问问什么时候能领证。",
    ];

    private static readonly (string[] Beginnings, string[] Endings) Delighted = (
        [
            "工作人员态度很好，",
            "窗口服务很热情，",
            "头一回来办，",
            "带着老人来办事，",
            "来之前打电话问过，",
            "需要什么材料都写得清清楚楚，",
            "帮家里人代办，",
            "大厅环境干净，",
            "态度好,手续少,",
        ],
        [
            "十几分钟就办完了。",
            "一趟就办好了。",
            "讲得很明白，点赞！",
            "没让我多跑一趟。",
            "比想象的快多了。",
            "全程有人指引，很省心。",
            "当场就拿到结果了。",
            "复印也不收钱，很贴心。",
        ]
    );

    private static readonly (string[] Beginnings, string[] Endings) Content = (
        ["排队不长，", "取号很方便，", "工作人员有耐心，", "流程比以前简单，", "网上预约后过来的，", "材料带齐了，"],
        ["办得还算顺利。", "总体不错。", "半小时办完。", "希望继续保持。", "就是停车不太方便。", "服务挺好。"]
    );

    private static readonly (string[] Beginnings, string[] Endings) Lukewarm = (
        ["能办成，", "服务一般，", "人有点多，", "指示牌不太明显，", "叫号有点慢，"],
        ["等的时间稍长。", "希望多开几个窗口。", "建议材料清单写细一点。", "还有改进的余地。", "比上次强一点。"]
    );

    private static readonly (string[] Beginnings, string[] Endings) Disappointed = (
        [
            "排了一个多小时，",
            "来了两趟，",
            "材料交了又让补，",
            "电话里说的和现场说的不一样，",
            "问了好几个人，",
            "中间窗口没人，",
            "窗口只说\"系统里没有\",",
        ],
        [
            "还是没办成。",
            "也没人解释为什么。",
            "希望能改进。",
            "白白耽误了半天工。",
            "能不能一次说清楚？",
            "最后让我改天再来。",
        ]
    );

    private static readonly (string[] Beginnings, string[] Endings) Angry = (
        [
            "办事指南上没写的材料也要，",
            "推来推去没人管，",
            "同样的证明交了三次，",
            "说好的办结时间早过了，",
            "工作人员说话很不耐烦，",
        ],
        ["太让人失望了。", "请领导管一管。", "跑了四趟还没有结果。", "这样的服务怎么让人满意？", "没有一个人给我说法。"]
    );

    private static readonly (string[] Beginnings, string[] Endings) SystemDown = (
        [
            "系统故障，",
            "窗口说系统又坏了，",
            "电脑一直转圈，系统登不上去，",
            "系统老是掉线，",
            "说是系统在维修，",
            "取号机显示系统异常，",
        ],
        [
            "等了两个多小时。",
            "等待时间太长了。",
            "白跑一趟。",
            "一上午就办了几个号。",
            "大家都在干等。",
            "什么时候能修好也没人说。",
            "排队排到门口，没人出来解释。",
        ]
    );

    /// <param name="isBadWeek">True if this hall's system was down in this week.</param>
    public static string Draw(Grade grade, bool isBadWeek, Random random)
    {
        var writes =
            random.NextDouble() < (grade.IsBad() ? FromTheDiscontented : FromTheContent) * (isBadWeek ? 1.5 : 1);
        if (!writes)
            return "";
        if (random.NextDouble() < WithContact)
            return random.Pick(Contacts);
        var (beginnings, endings) = isBadWeek && grade.IsBad() && random.NextDouble() < 0.8 ? SystemDown : On(grade);
        return random.Pick(beginnings) + random.Pick(endings);
    }

    private static (string[] Beginnings, string[] Endings) On(Grade grade) =>
        grade switch
        {
            Grade.VerySatisfied => Delighted,
            Grade.Satisfied => Content,
            Grade.BasicallySatisfied => Lukewarm,
            Grade.Dissatisfied => Disappointed,
            _ => Angry,
        };
}
