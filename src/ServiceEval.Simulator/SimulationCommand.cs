using System.CommandLine;
using ServiceEval.Core;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Simulator;

/// <summary>The command <c>simulate</c>. It refuses to run unless the database is a demonstration database.</summary>
public static class SimulationCommand
{
    public static RootCommand Create()
    {
        var options = new SimulationOptions();
        var command = new HostRootCommand(
            "像群众一样通过网络给运行中的服务评价，或用 --history 生成可导入的评价历史；只用于演示数据库",
            Web.Program.Rooms
        )
        {
            HelpName = "serviceeval simulate",
        };
        command.RunOnDatabase(
            (services, parsed, ct) =>
            {
                var directory = services.GetRequiredService<HallDirectory>().Current;
                if (!directory.Demo)
                    throw new OperatorException("这不是演示数据库，不能模拟评价：真实数据里不应有编造的评价。");
                var halls = Halls(directory, parsed.GetValue(options.Hall));
                return parsed.GetValue(options.History) is null
                    ? LiveRun.RunAsync(services, halls, options, parsed, ct)
                    : HistoryRun.RunAsync(services, halls, options, parsed, ct);
            }
        );
        options.AddTo(command);
        return command;
    }

    /// <summary>
    /// Returns the window where a clerk stuffs ratings. If the option names no hall, the window is in the first of
    /// these halls.
    /// </summary>
    internal static WindowEntry? StuffedWindow(IReadOnlyList<HallEntry> halls, (string Number, string? Hall)? given)
    {
        if (given is not var (number, code))
            return null;
        var hall = code is null
            ? halls[0]
            : halls.FirstOrDefault(h => h.Code == code)
                ?? throw new OperatorException($"--stuffing 所写的大厅“{code}”不在模拟的大厅之中。");
        return hall.Windows.FirstOrDefault(w => w.Number == number && w.IsActive)
            ?? throw new OperatorException($"{hall.Name}没有启用的“{number}”号窗口。");
    }

    private static IReadOnlyList<HallEntry> Halls(DirectorySnapshot directory, string? only)
    {
        if (directory.Halls.Count == 0)
            throw new OperatorException("数据库里还没有大厅，请先用 seed 导入。");
        if (only is null)
            return directory.Halls;
        return directory.Hall(only) is { } hall ? [hall] : throw new OperatorException($"没有编码为“{only}”的大厅。");
    }
}
