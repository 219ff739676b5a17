using System.CommandLine;
using System.Diagnostics;
using ServiceEval.Core;

namespace ServiceEval.Setup;

/// <summary>The commands <c>service install</c>, <c>service uninstall</c> and <c>service run</c>.</summary>
public static class ServiceCommands
{
    /// <summary>The name of the service on Windows. On Linux it is in lower case.</summary>
    public const string Name = "ServiceEval";

    /// <param name="reporting">Runs a command, and turns its exceptions into one sentence and an exit code.</param>
    public static Command Create(Func<Func<Task<int>>, Task<int>> reporting) =>
        new("service", "把本程序装成开机自动启动的服务，或卸下")
        {
            Install(reporting),
            Uninstall(reporting),
            Run(reporting),
        };

    private static Command Install(Func<Func<Task<int>>, Task<int>> reporting)
    {
        var data = new Option<string?>("--data")
        {
            Description = "数据目录，默认为 /var/lib/serviceeval，Windows 为 C:\\ProgramData\\ServiceEval",
        };
        var url = new Option<string?>("--url")
        {
            Description = "群众访问的网址，写入二维码；http 开头的直接监听这个端口，https 开头的只接受本机反向代理",
        };
        var backup = new Option<string?>("--backup") { Description = "每夜备份到这个目录，宜在另一块盘上" };
        var user = new Option<string?>("--user")
        {
            Description = "运行服务的系统账号，没有就建立，默认为 serviceeval；仅限 Linux",
        };
        var print = new Option<bool>("--print") { Description = "只列出将要做的事，不动手" };
        var command = new Command("install", "装成 systemd 或 Windows 服务并启动；可重复执行，没有写明的设置保持不变")
        {
            data,
            url,
            backup,
            user,
            print,
        };
        command.SetAction(
            (parsed, ct) =>
                reporting(() =>
                {
                    var wish = new InstallWish(
                        parsed.GetValue(data),
                        parsed.GetValue(url),
                        parsed.GetValue(backup),
                        parsed.GetValue(user)
                    );
                    return CarryOutAsync(system => system.Install(wish), parsed.GetValue(print), ct);
                })
        );
        return command;
    }

    private static Command Uninstall(Func<Func<Task<int>>, Task<int>> reporting)
    {
        var print = new Option<bool>("--print") { Description = "只列出将要做的事，不动手" };
        var command = new Command("uninstall", "停止并卸下服务；数据、设置、备份和账号都保留") { print };
        command.SetAction(
            (parsed, ct) => reporting(() => CarryOutAsync(system => system.Uninstall(), parsed.GetValue(print), ct))
        );
        return command;
    }

    private static Command Run(Func<Func<Task<int>>, Task<int>> reporting)
    {
        var command = new Command("run", "以服务的账号和设置执行一个命令，如 service run seed SET")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(
            (parsed, ct) =>
                reporting(async () =>
                {
                    var (settings, arguments) = ThisSystem().Run(parsed.UnmatchedTokens);
                    var start = new ProcessStartInfo(arguments[0], arguments[1..]);
                    foreach (var (name, value) in settings)
                        start.Environment[name] = value;
                    using var process = Process.Start(start)!;
                    await process.WaitForExitAsync(ct);
                    return process.ExitCode;
                })
        );
        return command;
    }

    private static IServiceSystem ThisSystem() => OperatingSystem.IsWindows() ? new WindowsServices() : new Systemd();

    private static async Task<int> CarryOutAsync(Func<IServiceSystem, Plan> make, bool onlyPrint, CancellationToken ct)
    {
        var plan = make(ThisSystem());
        if (onlyPrint)
        {
            foreach (var step in plan.Steps)
                Console.WriteLine(step);
            foreach (var sentence in plan.Missing)
                await Console.Error.WriteLineAsync(sentence);
            foreach (var obstacle in plan.Obstacles)
                await Console.Error.WriteLineAsync($"照此执行会被拒绝：{obstacle}");
            return plan.Obstacles.Count == 0 ? 0 : 1;
        }
        if (plan.Obstacles is [var first, ..])
            throw new OperatorException(first);
        foreach (var step in plan.Steps)
            await step.CarryOutAsync(ct);
        foreach (var sentence in plan.Afterwards.Concat(plan.Missing))
            Console.WriteLine(sentence);
        return 0;
    }
}

/// <summary>
/// The operator's options for an installation. Null keeps the value of an earlier installation, or else the default.
/// </summary>
internal sealed record InstallWish(string? Data, string? Url, string? Backup, string? User);

/// <param name="Obstacles">The reasons why the installation would be refused, one sentence each.</param>
/// <param name="Steps">The steps in order. Each step can be repeated.</param>
/// <param name="Afterwards">The sentences to print at the end.</param>
internal sealed record Plan(
    IReadOnlyList<string> Obstacles,
    IReadOnlyList<Step> Steps,
    IReadOnlyList<string> Afterwards
)
{
    /// <summary>Settings that the operator did not give but will probably need, one sentence each.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
