using System.Diagnostics;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Kills starting hosts at random moments. Every second start is killed while it creates its database. The next start
/// uses the files that remain and must become ready. Locks of a killed start must not delay it.
/// </summary>
internal static class KilledStartFigure
{
    /// <summary>
    /// Several times the duration of the slowest start. A start that is not ready after this time hangs.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(int kills, bool json)
    {
        var (hung, failed) = (0, 0);
        var usual = await UsualAsync();
        await using var kept = await Installation.CreateAsync();
        for (var i = 1; i <= kills; i++)
        {
            Installation? fresh = i % 2 == 0 ? Installation.Bare() : null;
            var installation = fresh ?? kept;
            await KillAsync(installation, TimeSpan.FromSeconds(Random.Shared.NextDouble() * usual.TotalSeconds));
            var verdict = await StartAsync(installation);
            if (verdict is Verdict.Hung)
                hung++;
            if (verdict is Verdict.Failed)
                failed++;
            if (fresh is not null)
                await fresh.DisposeAsync();
            if (i % 10 == 0 || verdict != Verdict.Ready)
                Figure.Say($"startup: {i} of {kills} killed, then {verdict}; {hung} hung, {failed} failed");
        }
        Figure.Print(
            new
            {
                name = "startup",
                kills,
                hung,
                failed,
                killedWithinSeconds = Figure.Round(usual.TotalSeconds),
            },
            json
        );
    }

    /// <summary>
    /// Returns the time from the begin of a start on an empty directory until it is ready. The kills fall into this
    /// time.
    /// </summary>
    private static async Task<TimeSpan> UsualAsync()
    {
        await using var installation = Installation.Bare();
        var start = Stopwatch.GetTimestamp();
        await using (await ServerProcess.HostAsync(installation)) { }
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task KillAsync(Installation installation, TimeSpan after)
    {
        await using var host = ServerProcess.BeginHost(installation);
        await Task.Delay(after);
    }

    private static async Task<Verdict> StartAsync(Installation installation)
    {
        await using var host = ServerProcess.BeginHost(installation);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await host.ReadyAsync(patience.Token);
            return Verdict.Ready;
        }
        catch (OperationCanceledException)
        {
            return Verdict.Hung;
        }
        catch (InvalidOperationException)
        {
            return Verdict.Failed;
        }
    }

    private enum Verdict
    {
        Ready,
        Hung,
        Failed,
    }
}
