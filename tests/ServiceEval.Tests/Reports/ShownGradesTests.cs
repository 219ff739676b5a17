using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Reports.Renderings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Tests.Reports;

public sealed class ShownGradesTests
{
    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void Grades_are_shown_from_the_size_of_a_cohort(int n, bool shown)
    {
        var report = SmallReport.Report with { N = n };

        Assert.Equal(shown, ReportPrivacy.ShowsGrades(report));
        Assert.Equal(shown ? 240 : null, ReportPrivacy.Good(report, report.Days[0]));
    }

    [Theory]
    [InlineData(new[] { 100 }, new[] { 100 })]
    [InlineData(new[] { 4 }, new int[0])]
    [InlineData(new[] { 100, 5 }, new[] { 100, 5 })]
    [InlineData(new[] { 100, 3 }, new int[0])]
    [InlineData(new[] { 100, 90, 3 }, new[] { 100 })]
    [InlineData(new[] { 100, 90, 3, 2 }, new[] { 100, 90 })]
    public void No_channel_shows_what_its_neighbours_and_the_total_would_give_away(int[] channels, int[] shown)
    {
        var report = SmallReport.Report with
        {
            N = channels.Sum(),
            Channels = [.. channels.Select((n, i) => new ReportChannel((Channel)(i + 1), n, n))],
        };

        var set = ReportPrivacy.ShownChannels(report);

        Assert.Equal(shown, report.Channels.Where(c => set.Contains(c.Channel)).Select(c => c.N));
    }
}
