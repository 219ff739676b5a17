using CsCheck;

namespace ServiceEval.Tests.Reports;

public sealed class SummaryTests
{
    [Fact]
    public void A_summary_has_three_to_six_sentences_whatever_the_week_was_like() =>
        Gen.Select(Gen.Int[0, 80].Array[4], Gen.Int[0, 9].Array[4], Gen.Bool, Gen.Int[0, 1])
            .Sample(
                (good, bad, hasEarlier, version) =>
                {
                    var weeks = new RatedWeeks { HasEarlier = hasEarlier };
                    for (var window = 1; window <= 4; window++)
                        weeks
                            .Give(window, good[window - 1], bad[window - 1])
                            .Give(window, good[^window], bad[^window], weeksAgo: 1);

                    var report = weeks.Compile(version: version);

                    Assert.InRange(report.Summary.Count, 3, 6);
                    Assert.All(
                        report
                            .Summary.Concat(report.Problems.Select(p => p.Text))
                            .Concat(report.Suggestions.Select(s => s.Text)),
                        sentence =>
                        {
                            Assert.EndsWith("。", sentence, StringComparison.Ordinal);
                            Assert.DoesNotContain("NaN", sentence, StringComparison.Ordinal);
                            Assert.DoesNotContain("。。", sentence, StringComparison.Ordinal);
                        }
                    );
                    Assert.NotEmpty(report.Problems);
                    Assert.NotEmpty(report.Suggestions);
                },
                iter: 200
            );

    [Fact]
    public void Every_sentence_stands_on_a_definition_that_the_annex_prints()
    {
        var report = new RatedWeeks().Give(1, 70, 30).Give(2, 98, 2).Compile();

        var ids = report.Definitions.Select(d => d.Id).ToHashSet();
        Assert.Equal(report.Definitions.Count, ids.Count);
        Assert.All(report.Problems.Concat(report.Suggestions), s => Assert.Contains(s.Definition, ids));
        Assert.All(report.Definitions, d => Assert.True(d.Version >= 1 && d.Text.EndsWith('。')));
    }

    [Fact]
    public void An_ordinary_week_reads_like_this() =>
        Assert.Equal(
            [
                "本周共收到有效评价200条，全部为群众主动评价。",
                "好评率98.0%，95%置信区间为95.0%～99.2%，平均7.90分；差评4条。",
                "好评率与上周基本持平，变化属正常波动。",
                "1个窗口收到评价，另有4个在用窗口没有数据。",
            ],
            new RatedWeeks().Give(1, 196, 4).Give(1, 190, 5, weeksAgo: 1).Compile().Summary
        );
}
