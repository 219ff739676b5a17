using ServiceEval.Web.Features.Exchange;

namespace ServiceEval.Tests.Exchange;

/// <summary>
/// Tests the pace on simulated disks. A commit takes a fixed time and an additional time for each row.
/// </summary>
public sealed class ImportPaceTests
{
    [Theory]
    [InlineData(100, 0.03, 2_500, 4_000)]
    [InlineData(30, 0.03, 700, 1_600)]
    [InlineData(1, 0.03, 250, 500)]
    [InlineData(1, 0.3, 20, 60)]
    public void Rows_take_as_long_again_as_the_commit_of_a_citizen_or_ten_milliseconds(
        double commit,
        double row,
        int least,
        int most
    )
    {
        var pace = new ImportPace();
        for (var i = 0; i < 200; i++)
            Commit(pace, commit, row);
        var rows = Enumerable.Range(0, 50).Select(_ => Commit(pace, commit, row)).ToList();

        Assert.InRange(rows.Order().ElementAt(25), least, most);
        Assert.All(rows, count => Assert.InRange(count * row, 0, (Math.Max(10, commit) * 1.5) + (20 * row)));
    }

    [Fact]
    public void A_disk_that_becomes_slow_does_not_end_at_twenty_rows_and_half_of_the_time_is_others()
    {
        var pace = new ImportPace();
        for (var i = 0; i < 200; i++)
            Commit(pace, 1, 0.03);
        for (var i = 0; i < 400; i++)
            Commit(pace, 120, 0.03);
        Assert.InRange(Enumerable.Range(0, 20).Average(_ => Commit(pace, 120, 0.03)), 2_000, 4_000);
        Assert.InRange(pace.Pause.TotalMilliseconds, 120, 1_000);
    }

    [Fact]
    public void A_commit_that_was_given_up_is_half_as_large_the_next_time()
    {
        var pace = new ImportPace();
        while (pace.Rows < 1_000)
            Commit(pace, 1, 0.001);
        var before = pace.Rows;
        pace.TimedOut(before);
        Assert.Equal(before / 2, pace.Rows);
    }

    private static int Commit(ImportPace pace, double commit, double row)
    {
        var rows = pace.Rows;
        pace.Took(rows, TimeSpan.FromMilliseconds(commit + (rows * row)));
        return rows;
    }
}
