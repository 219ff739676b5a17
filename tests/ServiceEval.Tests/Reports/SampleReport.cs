using System.Globalization;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Tests.Reports;

/// <summary>
/// A hand-written report with as much content as a county's report can have: 21 halls, 109 windows, 61 items. Its
/// figures need not add up.
/// </summary>
public static class SampleReport
{
    public const int MinimumN = 30;
    public const int Cohort = 5;

    private static readonly string[] Towns =
    [
        "城关镇",
        "柳屯镇",
        "文留镇",
        "庆祖镇",
        "八公桥镇",
        "徐镇镇",
        "户部寨镇",
        "鲁河镇",
        "子岸镇",
        "胡状镇",
        "王称堌镇",
        "梁庄镇",
        "清河头乡",
        "梨园乡",
        "五星乡",
        "郎中乡",
        "海通乡",
        "渠村乡",
        "习城乡",
        "白堽乡",
    ];

    private static readonly string[] Counters =
    [
        "综合服务窗口（社会事务）",
        "综合服务窗口（市场准入）",
        "综合服务窗口（工程建设）",
        "综合服务窗口（农林水利）",
        "户籍和身份证窗口",
        "出入境证件窗口",
        "车辆和驾驶证窗口",
        "婚姻登记窗口",
        "社会保险窗口",
        "医疗保障窗口",
        "不动产登记窗口",
        "办税服务窗口",
        "水电气联合报装窗口",
        "24小时自助服务专区",
        "“办不成事”反映窗口",
    ];

    private static readonly string[] Offices =
    [
        "发展和改革委员会",
        "教育体育局",
        "公安局",
        "民政局",
        "人力资源和社会保障局",
        "自然资源局",
        "住房和城乡建设局",
        "交通运输局",
        "农业农村局",
        "卫生健康委员会",
        "市场监督管理局",
        "医疗保障局",
        "城市管理局",
        "税务局",
        "残疾人联合会",
        "行政审批和政务信息管理局",
    ];

    private static readonly string[] Matters =
    [
        "居民身份证申领（换领）",
        "不动产抵押权登记（首次登记）",
        "个体工商户设立登记",
        "城乡居民基本养老保险待遇申领",
        "机动车驾驶证期满换证",
        "内地居民结婚登记",
        "食品经营许可（新办）",
        "在电力设施周围或电力设施保护区内进行可能危及电力设施安全作业的审批",
        "城乡居民基本医疗保险参保登记",
        "企业投资项目备案（新办）",
        "残疾人证办理",
        "教师资格认定（小学）",
    ];

    public static WeeklyReport County { get; } =
        Whole("county", "濮阳县政务服务“好差评”周报 第47期（11月16日—22日）") with
        {
            Halls =
            [
                Hall("puyang", "濮阳县政务服务中心", HallKind.Hall, 0),
                .. Towns.Select(
                    (town, i) => Hall($"town{i + 1}", $"濮阳县{town}便民服务中心", HallKind.TownshipCentre, i + 1)
                ),
            ],
            Windows =
            [
                .. Windows("puyang", 36),
                .. Towns.SelectMany((_, i) => Windows($"town{i + 1}", i < 13 ? 4 : 3)),
            ],
        };

    public static WeeklyReport LargeHall { get; } =
        Whole("puyang", "濮阳县政务服务中心“好差评”周报 第47期（11月16日—22日）") with
        {
            Windows = [.. Windows("puyang", 36)],
        };

    public static WeeklyReport SecondVersion { get; } =
        County with
        {
            Id = "county-2026-W47-v2",
            Version = 2,
            Quality = County.Quality with { Received = 2470, Late = 9 },
            Difference = new(
                "county-2026-W47-v1",
                [
                    new("有效评价", "条", 2377, 2386),
                    new("好评率", "%", 0.9558, 0.9556),
                    new("主动评价占比", "%", 0.6234, 0.6245),
                    new("濮阳县城关镇便民服务中心", "条", 98, 107),
                    new("平均分", "分", 8.93, 8.92),
                ],
                ["有9条评价在第1版编制之后才收到。"],
                ["18个开放的窗口没有收到评价。"]
            ),
        };

    public static WeeklyReport Empty { get; } =
        new()
        {
            Id = "town7-2026-W47-v1",
            Scope = "town7",
            Title = "濮阳县户部寨镇便民服务中心“好差评”周报 第47期（11月16日—22日）",
            Issue = 47,
            Week = "2026-W47",
            Version = 1,
            From = new(2026, 11, 16),
            To = new(2026, 11, 22),
            Demo = true,
            MinimumN = MinimumN,
            Cohort = Cohort,
            Weights = Weights,
            Definitions = Definitions,
            ContentHash = new('0', 64),
            Summary = ["本周没有收到有效评价。", "没有评价不等于满意，请查看评价码是否张贴、设备是否正常。"],
            Grades = Grades.All.ToDictionary(Words.Wire, _ => (int?)0),
            Channels = [],
            Tiers = [],
            Days =
            [
                .. Enumerable.Range(0, 7).Select(i => new ReportDay(new DateOnly(2026, 11, 16).AddDays(i), 0, null)),
            ],
            Calendar = new(5, [], [], []),
            Windows =
            [
                .. Windows("town7", 4)
                    .Select(w =>
                        w with
                        {
                            N = 0,
                            Good = null,
                            Rate = null,
                            Low = null,
                            High = null,
                            FourWeeks = null,
                            Band = null,
                        }
                    ),
            ],
            Quality = new(
                0,
                0,
                0,
                0,
                0,
                [
                    .. Windows("town7", 4)
                        .Select(w => new ReportSilentWindow("濮阳县户部寨镇便民服务中心", w.Number, w.Name)),
                ],
                [],
                new(0, null, null, null, null),
                new(0, null, null, null, null, [])
            ),
            Changes = new(null, "本周有效评价不足30条，不作比较。", null, "本周有效评价不足30条，不作比较。"),
            Ledger = new(48211, Hash('a')),
        };

    private static Dictionary<string, double> Weights =>
        Grades.All.Zip((double[])[10, 8, 6, 3, 0]).ToDictionary(g => Words.Wire(g.First), g => g.Second);

    public static IReadOnlyList<ReportDefinition> Definitions =>
        [
            .. new (string Id, string Name, string Text)[]
            {
                ("valid", "有效评价", "已计入的评价，不含默认评价，也不含待核实和不予采纳的。"),
                ("good-rate", "好评率", "非常满意、满意、基本满意三项之和除以有效评价。条数少于30的不计算。"),
                (
                    "interval",
                    "95%置信区间",
                    "用Wilson方法计算：同样的情况反复抽取，所得区间一百次里约有九十五次包含真实的好评率。条数越少，区间越宽。"
                ),
                (
                    "mean",
                    "平均分",
                    "每条评价按等级记分（非常满意10分、满意8分、基本满意6分、不满意3分、非常不满意0分）后的平均数。"
                ),
                (
                    "active",
                    "主动评价占比",
                    "群众本人凭办件、现场动态码、张贴码或者公开渠道作出的评价占有效评价的比例；代录和导入的不算。"
                ),
                (
                    "tier",
                    "评价来源",
                    "按评价能够证明确有一次办事的程度，分为凭办件、现场动态码、张贴码、公开、代录、导入。"
                ),
                (
                    "department",
                    "部门归属",
                    "选了事项的按事项的主管部门，没有选的按窗口的部门；综合窗口没有选事项的不归入任何部门。"
                ),
                ("item", "事项", "按群众在评价以后自己选择的办理事项统计；没有选的列为“未关联事项”。"),
                ("band", "窗口分档", "用卡方检验，差别在正常波动以内的窗口列为一档，档数取最少。"),
                (
                    "comparison",
                    "与前期比较",
                    "与上周、与前四周合计比较，用两个比例的z检验，双侧概率低于5%的为超出正常波动。"
                ),
                (
                    "mix-rate",
                    "构成变化与好评率变化",
                    "按Kitagawa方法把好评率的相差拆成两项：各处评价多少的变化，和各处自身好评率的变化。"
                ),
                ("tag-share", "标签占比", "选了这个标签的评价占有效评价的比例。"),
                ("four-weeks", "近四周", "本周条数不足30，而近四周合计够30的，用近四周合计的好评率。"),
                ("late", "迟到评价", "第1版编制以后才收到的本周评价。"),
                (
                    "repeat",
                    "疑似重复",
                    "同一设备10分钟内对同一窗口的第二条起，好评差评用同一规则；计入统计，另算去掉以后的好评率。"
                ),
                (
                    "correction",
                    "更正",
                    "群众在两分钟内用“按错了？重新选”改过一次的评价，以改后的为准，两次都记入账本。"
                ),
                ("quote", "群众留言", "只引用可以公开的留言，不含窗口、时间、姓名和号码。"),
                ("small", "条数太少", "少于5条的不公布等级，以免看出是谁评的；能由合计推算出来的一并不公布。"),
                ("silent", "没有评价的窗口", "本周开放而没有收到任何评价的窗口。"),
                ("coverage", "收到评价", "本周的全部评价，不论是否计入。"),
                ("calendar", "工作日", "按国务院办公厅当年的放假安排。"),
            }.Select(d => new ReportDefinition(d.Id, d.Name, 1, d.Text)),
        ];

    private static WeeklyReport Whole(string scope, string title) =>
        new()
        {
            Id = $"{scope}-2026-W47-v1",
            Scope = scope,
            Title = title,
            Issue = 47,
            Week = "2026-W47",
            Version = 1,
            From = new(2026, 11, 16),
            To = new(2026, 11, 22),
            Demo = true,
            MinimumN = MinimumN,
            Cohort = Cohort,
            Weights = Weights,
            Definitions = Definitions,
            ContentHash = Hash('c'),
            Ledger = new(48211, Hash('a')),
            Summary =
            [
                "本周共收到有效评价2386条，比上周多214条；好评率95.6%（95%置信区间94.7%～96.3%），平均分8.92分。",
                "与上周相比，好评率下降0.6个百分点，未超出正常波动。",
                "下降主要来自县政务服务中心11号不动产登记窗口，按窗口分解贡献−0.4个百分点。",
                "差评106条，最多的原因是“排队等候时间长”，共38条，比前四周明显增多。",
                "109个窗口中有17个一周没有收到评价，建议先查看评价码。",
            ],
            N = 2386,
            Good = 2280,
            Rate = 0.9556,
            Low = 0.9466,
            High = 0.9631,
            Mean = 8.9213,
            MeanLow = 8.8412,
            MeanHigh = 9.0014,
            ActiveN = 1490,
            ActiveShare = 0.6245,
            ActiveRate = 0.9463,
            ActiveLow = 0.9336,
            ActiveHigh = 0.9566,
            Grades = Grades
                .All.Zip((int[])[1402, 655, 223, 71, 35])
                .ToDictionary(g => Words.Wire(g.First), g => (int?)g.Second),
            Channels =
            [
                new(Channel.Pc, 36, 35),
                new(Channel.Mobile, 214, 206),
                new(Channel.Qr, 1203, 1137),
                new(Channel.Tablet, 896, 868),
                new(Channel.Paper, 34, 31),
                new(Channel.Phone, 3, 3),
            ],
            Tiers =
            [
                new(Tier.Visit, 512),
                new(Tier.Session, 301),
                new(Tier.Printed, 613),
                new(Tier.Open, 64),
                new(Tier.Assisted, 37),
                new(Tier.Imported, 859),
            ],
            Days =
            [
                new(new(2026, 11, 16), 492, 470),
                new(new(2026, 11, 17), 468, 446),
                new(new(2026, 11, 18), 455, 437),
                new(new(2026, 11, 19), 437, 417),
                new(new(2026, 11, 20), 471, 449),
                new(new(2026, 11, 21), 60, 58),
                new(new(2026, 11, 22), 3, null),
            ],
            Calendar = new(5, [], [], []),
            Bands =
            [
                new(1, 21, 1402, 1371, 0.9779, 0.9688, 0.9844),
                new(2, 9, 512, 470, 0.918, 0.891, 0.9388),
                new(3, 1, 96, 71, 0.7396, 0.6438, 0.817),
            ],
            Departments =
            [
                .. Offices.Select((name, i) => Department($"D{i}", $"濮阳县{name}", i)),
                new(null, "不归入部门", 214, 206, 0.9626, 0.9281, 0.9809, null),
            ],
            Items =
            [
                .. Enumerable.Range(0, 60).Select(Item),
                new(null, "未关联事项", "", 731, 699, 0.9562, 0.9389, 0.9688, null),
            ],
            Tags =
            [
                new("L201", "排队等候时间长", Grade.Dissatisfied, 38, 0.0159, 0.0081, true),
                new("214", "服务态度生硬", Grade.Dissatisfied, 17, 0.0071, 0.0069, null),
                new("210", "同样内容的证明材料被要求多次提交", Grade.Dissatisfied, 9, 0.0038, 0.0041, null),
                new("208", "没有提供材料清单", Grade.Dissatisfied, null, null, null, null),
                new("113", "多头跑窗口和部门", Grade.VeryDissatisfied, 12, 0.005, 0.0022, null),
                new("L101", "窗口长时间无人", Grade.VeryDissatisfied, 8, 0.0034, 0.003, null),
                new("517", "服务热情效率高", Grade.VerySatisfied, 402, 0.1685, 0.141, true),
            ],
            Quotes =
            [
                .. Enumerable
                    .Range(1, 6)
                    .Select(i => new ReportQuote(i < 4 ? Grade.VeryDissatisfied : Grade.Dissatisfied, Hash('e'))),
            ],
            Quality = new(
                2461,
                0,
                859,
                14,
                3,
                [
                    .. Windows("puyang", 36)
                        .Where((_, i) => i % 9 == 8)
                        .Select(w => new ReportSilentWindow("濮阳县政务服务中心", w.Number, w.Name)),
                    .. Enumerable
                        .Range(1, 13)
                        .Select(i => new ReportSilentWindow(
                            $"濮阳县{Towns[i]}便民服务中心",
                            "4",
                            "“办不成事”反映窗口"
                        )),
                ],
                [],
                new(21, 9, 4, 6, 2),
                new(
                    12,
                    12,
                    0.9553,
                    0.9463,
                    0.9629,
                    [
                        new("濮阳县政务服务中心", "3", Counters[2], 7),
                        new("濮阳县柳屯镇便民服务中心", "1", "综合窗口", 5),
                    ]
                )
            ),
            Changes = new(
                Comparison(["2026-W46"], 2172, 2089, -0.0062, false),
                null,
                Comparison(["2026-W43", "2026-W44", "2026-W45", "2026-W46"], 8711, 8402, -0.0089, true),
                null
            ),
            Front = Front,
            Problems =
            [
                new("县政务服务中心11号不动产登记窗口好评率74.0%，明显低于其他窗口（第三档）。", "band"),
                new("“排队等候时间长”占有效评价1.6%，前四周为0.8%，增加超出正常波动。", "tag-share"),
                new("17个开放的窗口没有收到评价。", "silent"),
            ],
            Suggestions =
            [
                new("自然资源局会同县政务服务中心查明11号窗口差评原因，本周五前报告。", "band"),
                new("上午高峰时段增开不动产登记窗口，或者引导预约办理。", "tag-share"),
                new("各便民服务中心检查“办不成事”反映窗口的评价码是否张贴。", "silent"),
            ],
        };

    /// <summary>A first page with as much content as a county's can have.</summary>
    private static ReportFront Front =>
        new(
            [
                new(
                    "high",
                    FindingLevel.Hall,
                    "2个大厅（便民服务中心）的好评率明显高于全县其余大厅（便民服务中心）：柳屯镇便民服务中心99.1%（95.2～99.8，113条）、庆祖镇便民服务中心98.8%（95.6～99.7，161条）。",
                    "low",
                    [],
                    null
                ),
                new(
                    "high",
                    FindingLevel.Item,
                    "1个事项的好评率明显高于全县其余事项：内地居民结婚登记99.3%（96.0～99.9，137条）。",
                    "low",
                    [],
                    null
                ),
            ],
            [
                Problem(
                    "fall",
                    FindingLevel.Whole,
                    "好评率比前四周下降0.9个百分点，超出正常波动。",
                    "下降主要来自窗口自身的好评率，先从政务服务中心11号窗口查起。",
                    "政务服务中心",
                    27
                ),
                Problem(
                    "low",
                    FindingLevel.Hall,
                    "2个大厅（便民服务中心）的好评率明显低于全县其余大厅（便民服务中心）：梁庄镇便民服务中心81.0%（71.2～88.0，84条，差评多因“排队等候时间长”）、白堽乡便民服务中心84.7%（76.3～90.5，98条）。",
                    "逐条查看差评原因和意见，分清人员、流程、设备、政策哪方面的问题，说明情况并提出整改措施。",
                    "梁庄镇便民服务中心、白堽乡便民服务中心",
                    27
                ),
                Problem(
                    "low",
                    FindingLevel.Window,
                    "1个窗口的好评率明显低于全县其余窗口：政务服务中心11号窗口74.0%（64.4～81.7，96条，差评多因“排队等候时间长”）。",
                    "逐个窗口核实差评原因，能当场改的当场改，不能当场改的明确整改措施和完成时间。",
                    "濮阳县自然资源局",
                    27
                ),
                Problem(
                    "more-tags",
                    FindingLevel.Tag,
                    "差评标签“排队等候时间长”比前期明显增多。",
                    "针对“排队等候时间长”查明是个别窗口还是普遍情况，提出整改措施和完成时间。",
                    "政务服务中心",
                    27
                ),
                Problem(
                    "below-line",
                    FindingLevel.Whole,
                    "另有2处的置信区间整个低于全县好评率，其中可能有偶然情况：濮阳县自然资源局90.2%（84.6～93.9，164条）、不动产抵押权登记（首次登记）89.3%（83.1～93.4，140条）。",
                    "查看差评原因和意见，有共性问题的及时改进；连续两期出现的，按明显偏低办理。",
                    "濮阳县自然资源局",
                    27
                ),
                Problem(
                    "silent-windows",
                    FindingLevel.Data,
                    "17个在用窗口没有收到一条评价：政务服务中心9号窗口、政务服务中心18号窗口、政务服务中心27号窗口、政务服务中心36号窗口、柳屯镇便民服务中心4号窗口、文留镇便民服务中心4号窗口，另外11个见“数据质量”。",
                    "逐一核实有没有业务、评价码是否完好，停用的窗口及时停用。",
                    "政务服务中心、柳屯镇便民服务中心、文留镇便民服务中心",
                    25
                ),
            ],
            [
                new(
                    "1个窗口的好评率明显低于全县其余窗口",
                    "逐个窗口核实差评原因。",
                    ["濮阳县自然资源局"],
                    new(2026, 11, 20),
                    PromiseOutcome.Open,
                    "政务服务中心11号窗口72.1%→74.0%（64.4～81.7，96条），仍明显偏低。"
                ),
                new(
                    "2个在用窗口没有收到一条评价",
                    "逐一核实。",
                    ["五星乡便民服务中心"],
                    new(2026, 11, 18),
                    PromiseOutcome.Kept,
                    "五星乡便民服务中心3号窗口、五星乡便民服务中心4号窗口已有评价或已停用。"
                ),
            ],
            null,
            [
                .. Enumerable
                    .Range(36, 12)
                    .Select(i => new ReportWeek(
                        $"2026-W{i}",
                        2100 + i * 7 % 90,
                        0.965 - i % 5 * 0.004,
                        0.955 - i % 5 * 0.004,
                        0.973 - i % 5 * 0.004
                    )),
            ]
        );

    private static ReportFinding Problem(
        string kind,
        FindingLevel level,
        string text,
        string measure,
        string who,
        int by
    ) => new(kind, level, text, "comparison", [], new(measure, who.Split('、'), 4, new(2026, 11, by)));

    private static string Hash(char last) => $"{string.Concat(Enumerable.Repeat("0f3a9c71", 8))[..63]}{last}";

    private static ReportHall Hall(string code, string name, HallKind kind, int i)
    {
        var (n, good) = i == 0 ? (1403, 1330) : Counts(i);
        var (rate, low, high, four) = Rate(n, good, i);
        return new(code, name, kind, n, n is 0 or >= Cohort ? good : null, rate, low, high, four);
    }

    private static IEnumerable<ReportWindow> Windows(string hall, int count) =>
        Enumerable
            .Range(1, count)
            .Select(i =>
            {
                var (n, good) = hall == "puyang" ? Counts(i + 3) : Counts(i * 7 + hall.Length * hall[^1]);
                var (rate, low, high, four) = Rate(n, good, i);
                var name =
                    hall == "puyang"
                        ? Counters[i % Counters.Length]
                        : ((string[])["综合窗口", "社保医保窗口", "民政优抚窗口", "“办不成事”反映窗口"])[i - 1];
                return new ReportWindow(
                    hall,
                    i.ToString(CultureInfo.InvariantCulture),
                    name,
                    n,
                    n is 0 or >= Cohort ? good : null,
                    rate,
                    low,
                    high,
                    four,
                    rate is null ? null
                        : rate < 0.8 ? 3
                        : rate < 0.94 ? 2
                        : 1
                );
            });

    private static ReportDepartment Department(string code, string name, int i)
    {
        var (n, good) = Counts(i * 3);
        var (rate, low, high, four) = Rate(n, good, i);
        return new(code, name, n, n is 0 or >= Cohort ? good : null, rate, low, high, four);
    }

    private static ReportItem Item(int i)
    {
        var n = Math.Max(1, 140 - i * 3);
        var good = n - n * (i % 5) / 40;
        var (rate, low, high, four) = Rate(n, good, i);
        return new(
            $"S{i}",
            i < Matters.Length ? Matters[i] : $"{Matters[i % Matters.Length]}（第{i / Matters.Length}类）",
            ((string[])["公安局", "自然资源局", "市场监管局", "人社局"])[i % 4],
            n,
            n >= Cohort ? good : null,
            rate,
            low,
            high,
            four
        );
    }

    /// <summary>Returns many, few, very few and no ratings, in turn.</summary>
    private static (int N, int Good) Counts(int i)
    {
        var n = (i % 8) switch
        {
            0 => 12,
            3 => 3,
            6 => 0,
            5 => 26,
            var other => 40 + other * 11 + i,
        };
        return (n, n - n * (i % 4) / (i % 11 == 0 ? 12 : 50));
    }

    private static (double? Rate, double? Low, double? High, ReportSpan? FourWeeks) Rate(int n, int good, int i)
    {
        if (n < MinimumN)
            return (null, null, null, n is > 8 and < MinimumN ? new ReportSpan(n * 4 + i, 0.942, 0.89, 0.9713) : null);
        var (low, high) = Wilson.Interval(good, n);
        return ((double)good / n, low, high, null);
    }

    private static ReportComparison Comparison(string[] weeks, int n, int good, double difference, bool beyond) =>
        new(
            weeks,
            n,
            good,
            (double)good / n,
            difference,
            difference - (beyond ? 0.0083 : 0.012),
            difference + (beyond ? 0.0081 : 0.0119),
            beyond ? 0.013 : 0.31,
            beyond,
            new(
                -0.0011,
                difference + 0.0011,
                [
                    new("县政务服务中心11号　不动产登记窗口", 61, 96, -0.0012, -0.0031),
                    new("县政务服务中心3号　综合服务窗口（工程建设）", 80, 77, 0.0002, 0.0019),
                    new("柳屯镇便民服务中心1号　综合窗口", 55, 41, 0.0006, -0.0013),
                    new("县政务服务中心9号　社会保险窗口", 112, 124, -0.0001, -0.0005),
                    new("文留镇便民服务中心2号　社保医保窗口", 33, 35, 0.0001, 0.0004),
                    new("不单列的合计", 1831, 2013, -0.0007, -0.0025),
                ]
            ),
            new(
                0.0004,
                difference - 0.0004,
                [
                    new("不动产抵押权登记（首次登记）", 70, 140, -0.0009, -0.0022),
                    new("个体工商户设立登记", 131, 134, 0.0003, 0.0011),
                    new("不单列的合计", 1971, 2112, 0.001, -0.0047),
                ]
            ),
            new(
                0.0002,
                difference - 0.0002,
                [
                    new("县政务大厅", 1700, 1800, 0.0003, -0.0051),
                    new("柳屯镇", 55, 41, 0.0006, -0.0013),
                    new("不单列的合计", 417, 545, -0.0007, 0.0002),
                ]
            )
        );
}
