using System.CommandLine;
using System.Globalization;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Simulator;

/// <summary>Runs <c>simulate</c> over HTTP.</summary>
internal static class LiveRun
{
    public static async Task<int> RunAsync(
        IServiceProvider services,
        IReadOnlyList<HallEntry> halls,
        SimulationOptions options,
        ParseResult parsed,
        CancellationToken ct
    )
    {
        var server = services.GetRequiredService<PublicAddress>().Root;
        var time = services.GetRequiredService<TimeProvider>();
        var (rate, duration, seed) = (
            parsed.GetValue(options.Rate),
            parsed.GetValue(options.Duration),
            parsed.GetValue(options.Seed)
        );
        using var simulation = new Simulation(
            services.GetRequiredService<HallDirectory>().Current,
            halls,
            server,
            seed
        );
        var stuffed = SimulationCommand.StuffedWindow(halls, parsed.GetValue(options.Stuffing));

        await Console.Error.WriteLineAsync(
            $"正在模拟群众向 {server} 评价，每秒 {rate.ToString(CultureInfo.InvariantCulture)} 人；按 Ctrl+C 停止。"
        );
        using var progress = new Progress(
            time,
            () => $"已保存 {simulation.Stored} 条评价，未被接受 {simulation.Refused} 条。"
        );
        try
        {
            await simulation.RunAsync(rate, duration, stuffed, time, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl+C is the normal end of a simulation.
        }
        progress.Done();
        return 0;
    }
}
