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
        var rate = new Option<double>("--rate") { Description = "Citizens a second", DefaultValueFactory = _ => 2 };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1000)) result.AddError("--rate 应大于0，不超过1000。");
        });
        var duration = new Option<TimeSpan>("--for") { Description = "How long, such as 30s, 5m or 2h", CustomParser = ParseDuration, DefaultValueFactory = _ => TimeSpan.FromMinutes(10) };
        var hall = new Option<string?>("--hall") { Description = "Only in this hall" };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same citizens", DefaultValueFactory = _ => 1 };

        var command = CommandLine.Verb("simulate", "Drive a running demonstration server over HTTP as citizens would", async (services, parsed, ct) =>
        {
            var directory = services.GetRequiredService<HallDirectory>().Current;
            if (!directory.Demo) throw new StartException("这不是演示数据库，不能模拟评价：真实数据里不应有编造的评价。");
            HallEntry? only = null;
            if (parsed.GetValue(hall) is { } code && (only = directory.Hall(code)) is null) throw new StartException($"没有编码为“{code}”的大厅。");

            var server = services.GetRequiredService<PublicAddress>().Root;
            await Console.Error.WriteLineAsync($"正在模拟市民向 {server} 评价，每秒 {parsed.GetValue(rate).ToString(CultureInfo.InvariantCulture)} 人；按 Ctrl+C 停止。");
            using var simulation = new Simulation(directory, server, parsed.GetValue(seed));
            try
            {
                await simulation.RunAsync(only, parsed.GetValue(rate), parsed.GetValue(duration), services.GetRequiredService<TimeProvider>(), ct);
            }
            finally
            {
                await Console.Error.WriteLineAsync($"已保存 {simulation.Stored} 条评价，未被接受 {simulation.Refused} 条。");
            }
            return 0;
        });
        foreach (var option in (Option[])[rate, duration, hall, seed]) command.Options.Add(option);
        return command;
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
