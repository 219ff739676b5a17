using ServiceEval.Core.Storage;
using ServiceEval.Tests.Ratings;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Tests.Reports;

public sealed class ExpiredMarksTests
{
    /// <summary>The Monday of the tenth week after the host's week, 00:00 in Asia/Shanghai.</summary>
    private static readonly DateTimeOffset TenthMonday = new(2027, 1, 24, 16, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Marks_stay_while_a_sweep_may_compile_their_week_and_then_go_while_the_ratings_stay()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        await phone.RateAsync(code);
        await phone.RateAsync(code);
        host.Clock.Advance(TimeSpan.FromDays(2));
        await phone.RateAsync(code);
        host.Clock.Advance(TimeSpan.FromDays(3));
        await phone.RateAsync(code);

        // Others continue to rate without a mark, because only marks that are old by the ledger's time are removed. One
        // week earlier, until 06:00, the sweep compiles the week for the last time.
        host.Clock.AdjustTime(TenthMonday.AddDays(-7).AddHours(6).AddTicks(-1));
        await host.RateAsync();
        await SweepAsync(host);
        Assert.Equal(2L, (await host.QueryAsync("SELECT COUNT(*) FROM Reports WHERE Week = '2026-W47'"))[0][0]);
        Assert.Equal(4, await host.CountAsync("DeviceMarks"));

        host.Clock.AdjustTime(TenthMonday.AddTicks(-1));
        await host.RateAsync();
        await SweepAsync(host);
        Assert.Equal(4, await host.CountAsync("DeviceMarks"));

        host.Clock.AdjustTime(TenthMonday);
        await host.RateAsync();
        await SweepAsync(host);
        Assert.Equal([20261123L], Assert.Single(await host.QueryAsync("SELECT LocalDate FROM DeviceMarks")));
        Assert.Equal(7, await host.CountAsync("Ratings"));

        host.Clock.Advance(TimeSpan.FromDays(7));
        await host.RateAsync();
        await SweepAsync(host);
        Assert.Equal(0, await host.CountAsync("DeviceMarks"));
    }

    [Fact]
    public async Task Marks_of_one_date_are_removed_in_a_turn_so_that_ratings_get_turns_between()
    {
        await using var host = await TestHost.StartAsync();
        using var phone = new Phone(host);
        for (var day = 0; day < 5; day++)
        {
            await phone.RateAsync((await host.WindowCodesAsync())[0]);
            host.Clock.Advance(TimeSpan.FromDays(1));
        }
        var gate = new CountingGate(host.Part<IWriteGate>());

        Assert.Equal(4, await new ExpiredMarks(gate).RemoveAsync(new DateOnly(2026, 11, 22), Ct));

        Assert.Equal(5, gate.Turns);
        Assert.Equal([20261122L], Assert.Single(await host.QueryAsync("SELECT LocalDate FROM DeviceMarks")));
    }

    private static Task SweepAsync(TestHost host) => host.Part<ReportSweep>().RunAsync(Ct);

    private sealed class CountingGate(IWriteGate gate) : IWriteGate
    {
        public int Turns { get; private set; }

        public Task<T> WriteAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> write, CancellationToken ct)
        {
            Turns++;
            return gate.WriteAsync(write, ct);
        }
    }
}
