using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Simulation;

/// <summary><c>simulate</c>: for demonstration databases only.</summary>
public static class SimulationVerb
{
    public static Command Create()
    {
        var rate = new Option<double>("--rate")
        {
            Description = "每秒多少人",
            CustomParser = result => ParseNumber<double>(result, r => r is > 0 and <= 1000, "--rate 应为大于0、不超过1000的数。"),
            DefaultValueFactory = _ => 2,
        };
        var duration = new Option<TimeSpan>("--for") { Description = "持续多久，如 30s、5m、2h", CustomParser = ParseDuration, DefaultValueFactory = _ => TimeSpan.FromMinutes(10) };
        var hall = new Option<string?>("--hall") { Description = "只在这个大厅" };
        var seed = new Option<int>("--seed")
        {
            Description = "种子相同，模拟的市民就相同",
            CustomParser = result => ParseNumber<int>(result, _ => true, "--seed 应为整数。"),
            DefaultValueFactory = _ => 1,
        };

        var command = CommandLine.Verb("simulate", "像市民一样通过网络给运行中的服务评价，只用于演示数据库", async (services, parsed, ct) =>
        {
            var directory = services.GetRequiredService<HallDirectory>().Current;
            if (!directory.Demo) throw new StartException("这不是演示数据库，不能模拟评价：真实数据里不应有编造的评价。");
            HallEntry? only = null;
            if (parsed.GetValue(hall) is { } code && (only = directory.Hall(code)) is null) throw new StartException($"没有编码为“{code}”的大厅。");

            var server = services.GetRequiredService<PublicAddress>().Root;
            await Console.Error.WriteLineAsync($"正在模拟市民向 {server} 评价，每秒 {parsed.GetValue(rate).ToString(CultureInfo.InvariantCulture)} 人；按 Ctrl+C 停止。");
            using var simulation = new Simulation(directory, server, parsed.GetValue(seed));
            var time = services.GetRequiredService<TimeProvider>();
            // A line now and then where it is kept, a counter that stays in its place where somebody looks at it.
            var (interval, end) = Console.IsErrorRedirected ? (TimeSpan.FromSeconds(10), "\n") : (TimeSpan.FromSeconds(1), "\r");
            void Say(string lineEnd) => Console.Error.Write($"已保存 {simulation.Stored} 条评价，未被接受 {simulation.Refused} 条。{lineEnd}");
            using (time.CreateTimer(_ => Say(end), null, interval, interval))
            {
                try
                {
                    await simulation.RunAsync(only, parsed.GetValue(rate), parsed.GetValue(duration), time, ct);
                }
                catch (OperationCanceledException) when (ct.IsCancellationRequested)
                {
                    // Ctrl+C is how a simulation is meant to end.
                }
            }
            Say("\n");
            return 0;
        });
        foreach (var option in (Option[])[rate, duration, hall, seed]) command.Options.Add(option);
        return command;
    }

    private static T ParseNumber<T>(ArgumentResult result, Func<T, bool> isWithin, string complaint) where T : struct, ISpanParsable<T>
    {
        if (result.Tokens is [var token] && T.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && isWithin(number)) return number;
        result.AddError(complaint);
        return default;
    }

    private static TimeSpan ParseDuration(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount > 0)
        {
            switch (text[^1])
            {
                case 's': return TimeSpan.FromSeconds(amount);
                case 'm': return TimeSpan.FromMinutes(amount);
                case 'h': return TimeSpan.FromHours(amount);
            }
        }
        result.AddError($"--for “{text}”不是时长，应如 30s、5m、2h。");
        return default;
    }
}
