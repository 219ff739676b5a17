using System.Xml.Linq;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Charts;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Tests.Reports.Charts;

public sealed class ReportChartsTests
{
    private static readonly Dictionary<Grade, int> Given = Grades
        .All.Zip((int[])[1402, 655, 223, 71, 35])
        .ToDictionary();

    private static readonly RateDot[] Rates =
    [
        new("濮阳县白堽乡便民服务中心", 0.974, 0.951, 0.986, "97.4%，312条"),
        new("濮阳县王称堌镇便民服务中心", 0.913, 0.871, 0.942, "91.3%，208条"),
        new("城关镇", 1, 0.963, 1, "100%，98条"),
    ];

    private static readonly ReportCell[] Contributions =
    [
        new("县政务服务中心11号　不动产登记窗口", 61, 96, -0.0012, -0.0031),
        new("柳屯镇便民服务中心1号　综合窗口", 55, 41, 0.0006, -0.0013),
        new("其余", 1831, 2013, 0, 0.0025),
    ];

    public static TheoryData<string> Kinds => ["grades", "rates", "contributions"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_same_figures_give_the_same_drawing_byte_for_byte(string kind)
    {
        var first = Draw(kind);

        // Draw other charts in between and several at the same time.
        foreach (var other in Kinds)
            Draw(other);
        var again = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Draw(kind), TestContext.Current.CancellationToken))
        );

        Assert.All(again, svg => Assert.Equal(first, svg));
    }

    [Fact]
    public void Grades_are_said_in_words_that_can_be_read_and_searched() =>
        Assert.Equal(
            [
                "非常满意",
                "58.8%　1402条",
                "满意",
                "27.5%　655条",
                "基本满意",
                "9.3%　223条",
                "不满意",
                "3.0%　71条",
                "非常不满意",
                "1.5%　35条",
            ],
            Texts(Draw("grades"))
        );

    [Fact]
    public void Rates_are_said_with_their_names_and_numbers_rare_characters_too()
    {
        var texts = Texts(Draw("rates"));

        Assert.All(Rates, row => Assert.Contains(row.Label, texts));
        Assert.All(Rates, row => Assert.Contains(row.Note, texts));
        Assert.Contains("100%", texts);
    }

    [Fact]
    public void Contributions_are_said_with_their_sums() =>
        Assert.Superset(
            new HashSet<string>
            {
                "县政务服务中心11号　不动产登记窗口",
                "−0.43",
                "柳屯镇便民服务中心1号　综合窗口",
                "−0.07",
                "其余",
                "+0.25",
            },
            Texts(Draw("contributions")).ToHashSet()
        );

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_drawing_has_a_label_and_patterns_of_its_own_and_nothing_that_the_pages_policy_forbids(string kind)
    {
        var svg = XElement.Parse(Draw(kind));

        Assert.Equal("img", svg.Attribute("role")?.Value);
        Assert.NotEqual("", svg.Attribute("aria-label")?.Value ?? "");
        Assert.DoesNotContain(
            svg.DescendantsAndSelf(),
            e => e.Attribute("style") is not null || e.Name.LocalName is "image" or "script" or "style"
        );
        var ids = svg.Descendants().Attributes("id").Select(a => a.Value).ToList();
        Assert.All(ids, id => Assert.StartsWith("c-test-", id, StringComparison.Ordinal));
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(
            svg.Descendants().Attributes().Where(a => a.Value.StartsWith("url(#", StringComparison.Ordinal)),
            a => Assert.Contains(a.Value[5..^1], ids)
        );
        Assert.DoesNotContain("#FE01", svg.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_aria_label_says_what_the_chart_shows() =>
        Assert.Equal(
            "评价等级构成：非常满意1402条，满意655条，基本满意223条，不满意71条，非常不满意35条",
            XElement.Parse(Draw("grades")).Attribute("aria-label")?.Value
        );

    [Fact]
    public void A_grade_that_nobody_gave_has_no_part_of_the_bar_but_its_words()
    {
        var svg = ReportCharts.Grades("c-test", new Dictionary<Grade, int>(Given) { [Grade.VeryDissatisfied] = 0 })!;

        Assert.Contains("0%　0条", Texts(svg));
        Assert.Equal(2, Fills(svg, "g4"));
        Assert.Equal(1, Fills(svg, "g5"));
    }

    [Fact]
    public void What_has_nothing_to_compare_is_not_drawn()
    {
        Assert.Null(ReportCharts.Rates("c-test", []));
        Assert.Null(ReportCharts.Rates("c-test", Rates[..1], ("全县", 0.956)));
        Assert.NotNull(ReportCharts.Rates("c-test", Rates[..2]));
        Assert.Null(ReportCharts.Contributions("c-test", []));
        Assert.Null(ReportCharts.Grades("c-test", Grades.All.ToDictionary(g => g, _ => 0)));
    }

    private static string Draw(string kind) =>
        (
            kind switch
            {
                "grades" => ReportCharts.Grades("c-test", Given),
                "rates" => ReportCharts.Rates("c-test", Rates, ("全县", 0.956)),
                _ => ReportCharts.Contributions("c-test", Contributions),
            }
        )!;

    /// <summary>Returns the texts in the order in which they are drawn.</summary>
    private static IEnumerable<string> Texts(string svg) =>
        XElement.Parse(svg).Descendants("text").Select(t => t.Value);

    private static int Fills(string svg, string name) =>
        XElement.Parse(svg).Descendants().Attributes("fill").Count(f => f.Value == $"url(#c-test-{name})");
}
