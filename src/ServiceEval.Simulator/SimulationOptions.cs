using System.CommandLine;
using System.CommandLine.Parsing;
using ServiceEval.Core.Calendar;

namespace ServiceEval.Simulator;

/// <summary>The options of <c>simulate</c>, and the rules which of them can be combined.</summary>
internal sealed class SimulationOptions
{
    public Option<double> Rate { get; } =
        new("--rate")
        {
            Description = "每秒多少人（只用于在线模拟）",
            CustomParser = OptionValues.Number<double>(r => r is > 0 and <= 1000, "--rate 应为大于0、不超过1000的数。"),
            DefaultValueFactory = _ => 2,
        };

    public Option<TimeSpan> Duration { get; } =
        new("--for")
        {
            Description = "持续多久，如 30s、5m、2h（只用于在线模拟）",
            CustomParser = OptionValues.Duration,
            DefaultValueFactory = _ => TimeSpan.FromMinutes(10),
        };

    public Option<string?> Hall { get; } = new("--hall") { Description = "只在这个大厅" };

    public Option<int> Seed { get; } =
        new("--seed")
        {
            Description = "种子相同，模拟的群众就相同",
            CustomParser = OptionValues.Number<int>(_ => true, "--seed 应为整数。"),
            DefaultValueFactory = _ => 1,
        };

    public Option<(string Number, string? Hall)?> Stuffing { get; } =
        new("--stuffing")
        {
            Description =
                "这个窗口有人刷好评：清闲时几秒一条，连刷一串“非常满意”，在线模拟时都出自同一部手机；写窗口号或窗口号@大厅编码，不写大厅即第一个大厅",
            CustomParser = OptionValues.WindowNumber,
            HelpName = "NUMBER[@HALL]",
        };

    public Option<int?> History { get; } =
        new("--history")
        {
            Description = "不在线评价，而是生成这么久的评价历史，如 10d、8w，最长 520w；须与 --out 同用",
            CustomParser = OptionValues.Days,
            HelpName = "10d|8w",
        };

    public Option<string?> Out { get; } =
        new("--out") { Description = "历史写入的文件，供 import ratings 导入；已有的文件不会覆盖", HelpName = "FILE" };

    public Option<bool> UnlessImported { get; } =
        new("--unless-imported") { Description = "数据库里已有导入的评价时，不生成历史" };

    public Option<DateOnly?> Until { get; } =
        new("--until")
        {
            Description = "历史的最后一天；不写则为各大厅当地的昨天",
            CustomParser = OptionValues.Date,
            HelpName = "DATE",
        };

    public Option<int> PerWeek { get; } =
        new("--per-week")
        {
            Description = "历史中每周大约多少条评价，分到各窗口",
            CustomParser = OptionValues.Number<int>(
                n => n is >= 1 and <= 1_000_000,
                "--per-week 应为1至1000000的整数。"
            ),
            DefaultValueFactory = _ => 3000,
        };

    public Option<IsoWeek?> BadWeek { get; } =
        new("--bad-week")
        {
            Description =
                "历史中的这一周，第一个大厅（写了 --hall 即该大厅）系统故障、等待时间长，差评明显增多，留言里写明原因，如 2026-W46",
            CustomParser = OptionValues.Week,
            HelpName = "WEEK",
        };

    public Option<DateOnly?> Outage { get; } =
        new("--outage")
        {
            Description = "历史中的这一天停机，所有大厅（写了 --hall 即该大厅）都没有评价",
            CustomParser = OptionValues.Date,
            HelpName = "DATE",
        };

    public void AddTo(Command command)
    {
        Option[] both = [Hall, Seed, Stuffing],
            live = [Rate, Duration],
            history = [History, Out, UnlessImported, Until, PerWeek, BadWeek, Outage];
        foreach (var option in (Option[])[.. live, .. both, .. history])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (IsGiven(result, History) && !IsGiven(result, Out))
                result.AddError("缺少选项 --out：有 --history 时须写明文件。");
            foreach (var option in IsGiven(result, History) ? live : history[1..])
            {
                if (IsGiven(result, option))
                    result.AddError(
                        IsGiven(result, History)
                            ? $"{option.Name} 不能与 --history 同用。"
                            : $"{option.Name} 只能与 --history 同用。"
                    );
            }
        });
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
