using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Quotes;

namespace ServiceEval.Tests.Reports.Renderings;

/// <summary>A small hand-written report of a county with content in every part.</summary>
internal static class SmallReport
{
    private static readonly DateOnly Monday = new(2026, 11, 16);

    public static readonly IReadOnlyList<Quote> Quotes =
    [
        new(Grade.VeryDissatisfied, new('a', 64), "=1+1，等了两个小时，窗口没有人。"),
        new(Grade.Dissatisfied, new('b', 64), null),
    ];

    public static WeeklyReport Report { get; } =
        new()
        {
            Id = "county-2026-W47-v2",
            Scope = "county",
            Title = "示例县政务服务“好差评”周报 第47期（11月16日—22日）",
            Issue = 47,
            Week = "2026-W47",
            Version = 2,
            From = Monday,
            To = Monday.AddDays(6),
            MinimumN = 30,
            Cohort = 5,
            Summary =
            [
                "本周共收到有效评价1234条，其中好评1200条，差评34条。",
                "好评率97.2%，95%置信区间96.2%～98.0%。",
                "与上周相比没有超出正常波动。",
            ],
            N = 1234,
            Good = 1200,
            Rate = 1200 / 1234.0,
            Low = 0.962,
            High = 0.980,
            Mean = 94.321,
            MeanLow = 93.5,
            MeanHigh = 95.1,
            ActiveN = 1000,
            ActiveShare = 1000 / 1234.0,
            ActiveRate = 0.97,
            ActiveLow = 0.957,
            ActiveHigh = 0.979,
            Grades = new[] { 900, 250, 50, 20, 14 }
                .Zip(Grades.All)
                .ToDictionary(g => Words.Wire(g.Second), g => (int?)g.First),
            Channels = [new(Channel.Qr, 1000, 980), new(Channel.Tablet, 231, 218), new(Channel.Paper, 3, 2)],
            Tiers = [new(Tier.Printed, 1000), new(Tier.Imported, 234)],
            Days =
            [
                .. Enumerable
                    .Range(0, 7)
                    .Select(i => new ReportDay(Monday.AddDays(i), i < 5 ? 246 : 2, i < 5 ? 240 : null)),
            ],
            Calendar = new(5, ["10月1日（国庆节）"], ["10月10日（周六）"], []),
            Halls =
            [
                new("county-hall", "示例县政务服务中心", HallKind.Hall, 1230, 1196, 1196 / 1230.0, 0.961, 0.98, null),
                new(
                    "township-1",
                    "柳溪镇便民服务中心",
                    HallKind.TownshipCentre,
                    4,
                    null,
                    null,
                    null,
                    null,
                    new(41, 0.951, 0.838, 0.987)
                ),
            ],
            Windows =
            [
                new(
                    "county-hall",
                    "1",
                    "综合受理（社保、医保、公积金联办）",
                    900,
                    880,
                    880 / 900.0,
                    0.966,
                    0.985,
                    null,
                    1
                ),
                new("county-hall", "2", "-2号不动产登记", 330, 316, 316 / 330.0, 0.93, 0.975, null, 2),
                new("township-1", "1", "@便民", 4, null, null, null, null, null, null),
            ],
            Bands = [new(1, 1, 900, 880, 0.978, 0.966, 0.985), new(2, 1, 330, 316, 0.958, 0.93, 0.975)],
            Departments =
            [
                new("ga", "+公安局", 600, 590, 0.983, 0.97, 0.99, null),
                new(null, "未关联部门", 634, 610, 0.962, 0.944, 0.974, null),
            ],
            Items =
            [
                new(
                    "11330000002482106N4330115001000",
                    "居民身份证换领（有效期满）",
                    "公安",
                    200,
                    198,
                    0.99,
                    0.964,
                    0.997,
                    null
                ),
                new(null, "未关联事项", "", 1034, 1002, 0.969, 0.957, 0.978, null),
            ],
            Tags =
            [
                new("d1", "一次性告知不清楚", Grade.Dissatisfied, 12, 0.0097, 0.004, true),
                new("v3", "态度生硬", Grade.VeryDissatisfied, null, null, null, null),
            ],
            Quotes = [new(Grade.VeryDissatisfied, new('a', 64)), new(Grade.Dissatisfied, new('b', 64))],
            Quality = new(
                1300,
                12,
                234,
                5,
                2,
                [new("柳溪镇便民服务中心", "2", "社保")],
                [new(2026, 11, 18)],
                new(7, 3, 2, 1, 1),
                new(6, 4, 0.973, 0.962, 0.981, [new("示例县政务服务中心", "1", "综合受理", 6)])
            ),
            Changes = new(
                new(
                    ["2026-W46"],
                    1100,
                    1080,
                    1080 / 1100.0,
                    -0.0094,
                    -0.0216,
                    0.0028,
                    0.1337,
                    false,
                    new(
                        -0.002,
                        -0.0074,
                        [
                            new("示例县政务服务中心1号窗口", 800, 900, -0.001, -0.005),
                            new("其余", 300, 334, -0.001, -0.0024),
                        ]
                    ),
                    new(0, -0.0094, [new("=居民身份证换领", 190, 200, 0, -0.0094)])
                ),
                null,
                null,
                "前四周中有两周没有评价，不作比较。"
            ),
            Difference = new(
                "county-2026-W47-v1",
                [new("有效评价", "条", 1222, 1234), new("好评率", "%", 0.971, 0.9724)],
                ["1个窗口没有收到评价。"],
                []
            ),
            Problems = [new("“一次性告知不清楚”比前四周明显增多。", "tagShare")],
            Suggestions = [new("请对照事项清单，统一一次性告知单。", "tagShare")],
            Front = new(
                [
                    new(
                        "high",
                        FindingLevel.Window,
                        "1个窗口的好评率明显高于全县其余窗口：示例县政务服务中心1号窗口97.8%（96.6～98.5，900条）。",
                        "rate",
                        [
                            new(
                                FindingLevel.Window,
                                "county-hall/1",
                                "示例县政务服务中心1号窗口",
                                900,
                                880 / 900.0,
                                0.966,
                                0.985,
                                null
                            ),
                        ],
                        null
                    ),
                ],
                [
                    new(
                        "more-tags",
                        FindingLevel.Tag,
                        "差评标签“一次性告知不清楚”比前期明显增多。",
                        "tagShare",
                        [new(FindingLevel.Tag, "d1", "一次性告知不清楚", 12, null, null, null, null)],
                        new("请对照事项清单，统一一次性告知单。", ["示例县政务服务中心"], 4, new(2026, 11, 27))
                    ),
                ],
                [
                    new(
                        "1个窗口没有收到评价",
                        "核实评价码。",
                        ["柳溪镇便民服务中心"],
                        new(2026, 11, 20),
                        PromiseOutcome.Open,
                        "柳溪镇便民服务中心2号窗口仍没有评价。"
                    ),
                ],
                null,
                [new("2026-W46", 1100, 1080 / 1100.0, 0.972, 0.988), new("2026-W47", 1234, 1200 / 1234.0, 0.962, 0.980)]
            ),
            Definitions =
            [
                new("rate", "好评率", 1, "非常满意、满意、基本满意三项之和除以有效评价。"),
                new("tagShare", "标签占比", 1, "选择该标签的评价除以有效评价。"),
            ],
            Ledger = new(4711, new('c', 64)),
        };
}
