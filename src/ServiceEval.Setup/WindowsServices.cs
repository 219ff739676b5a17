using Microsoft.Win32;
using ServiceEval.Core;

namespace ServiceEval.Setup;

/// <summary>
/// A service of the Windows service control manager. It runs under its own account, which has no password. This class
/// was written from the documentation and has never been run.
/// </summary>
internal sealed class WindowsServices : IServiceSystem
{
    private const string Key = $@"SYSTEM\CurrentControlSet\Services\{ServiceCommands.Name}";
    private const string Account = $@"NT SERVICE\{ServiceCommands.Name}";
    private const string Administrators = "*S-1-5-32-544";
    private const string LocalSystem = "*S-1-5-18";

    /// <summary>
    /// Stops the service. net.exe waits until the service has stopped; sc.exe does not. Exit code 2 means that the
    /// service was not running.
    /// </summary>
    private static readonly Step Stop = new RunCommand("net.exe", "stop", ServiceCommands.Name) { AlsoDone = 2 };

    public Plan Install(InstallWish wish) =>
        Install(
            wish,
            Before(),
            IsInstalled(),
            Environment.ProcessPath!,
            Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData),
                ServiceCommands.Name
            )
        );

    public Plan Uninstall() =>
        IsInstalled()
            ? new Plan(
                [.. Obstacles()],
                [Stop, new RunCommand("sc.exe", "delete", ServiceCommands.Name)],
                ["服务已停止并卸下。数据和备份都还在。"]
            )
            : new Plan([], [], ["服务没有安装，不需要卸下。"]);

    public (IReadOnlyDictionary<string, string> Settings, string[] Command) Run(IReadOnlyList<string> verb) =>
        IsInstalled()
            ? (Before(), [Environment.ProcessPath!, .. verb])
            : throw new OperatorException("服务没有安装，请直接运行程序，或先运行 service install。");

    /// <summary>Plans the installation. The facts that only Windows can tell are parameters.</summary>
    internal static Plan Install(
        InstallWish wish,
        IReadOnlyDictionary<string, string> before,
        bool isInstalled,
        string program,
        string defaultData
    )
    {
        var settings = ServiceSettings.Merge(before, wish, defaultData);
        settings.TryAdd("DOTNET_GCgen0size", "2000000");
        var (data, backup) = (settings[ServiceSettings.Data], settings.GetValueOrDefault(ServiceSettings.Backup));
        string[] description =
        [
            "binPath=",
            $"\"{program}\" serve",
            "start=",
            "delayed-auto",
            "obj=",
            Account,
            "DisplayName=",
            "ServiceEval 政务服务好差评",
        ];
        List<Step> steps = isInstalled
            ? [Stop, new RunCommand(["sc.exe", "config", ServiceCommands.Name, .. description])]
            : [new RunCommand(["sc.exe", "create", ServiceCommands.Name, .. description])];
        steps.Add(
            new RunCommand(
                "sc.exe",
                "failure",
                ServiceCommands.Name,
                "reset=",
                "86400",
                "actions=",
                "restart/2000/restart/10000/restart/60000"
            )
        );
        // Also restart the service if it ends by itself with an error, for example because the database is not
        // available yet.
        steps.Add(new RunCommand("sc.exe", "failureflag", ServiceCommands.Name, "1"));
        steps.Add(new SetEnvironment(Key, settings));
        // An existing backup directory keeps its permissions, because it may be a share that others use.
        var backupWasThere = Directory.Exists(backup);
        foreach (
            var directory in ((string?[])[data, wish.Backup is null || backupWasThere ? null : backup]).OfType<string>()
        )
        {
            steps.Add(new MakeDirectory(directory));
            steps.Add(
                new RunCommand(
                    "icacls.exe",
                    directory,
                    "/inheritance:r",
                    "/grant:r",
                    $"{Account}:(OI)(CI)F",
                    $"{Administrators}:(OI)(CI)F",
                    $"{LocalSystem}:(OI)(CI)F"
                )
            );
        }
        steps.Add(
            new RunCommand("net.exe", "start", ServiceCommands.Name)
            {
                Advice = $"请查看 {settings[ServiceSettings.Logs]} 中的日志，改正后再试一次。",
            }
        );
        var foreign = before.GetValueOrDefault(ServiceSettings.Data) == data ? null : ServiceSettings.WhyNotData(data);
        return new Plan(
            [.. Obstacles(), .. ((string?[])[foreign]).OfType<string>()],
            steps,
            [
                $"{(isInstalled ? "服务原已安装，已更新" : "服务已安装")}并启动，开机自动启动。数据在 {data}，设置在注册表 HKLM\\{Key} 的 Environment 中，日志在 {settings[ServiceSettings.Logs]}。",
                .. backup is null ? [] : (string[])[$"每夜备份到 {backup}。"],
                .. wish.Backup is not null && backupWasThere
                    ? [$"目录 {backup} 原已存在，权限没有改动，请确认账号 {Account} 可以写入。"]
                    : (string[])[],
            ]
        )
        {
            Missing = [.. ServiceSettings.Missing(settings)],
        };
    }

    private static IEnumerable<string> Obstacles()
    {
        if (!Environment.IsPrivilegedProcess)
            yield return "安装和卸下服务需要管理员权限，请用“以管理员身份运行”打开命令提示符，再试一次。";
    }

    private static bool IsInstalled()
    {
        if (!OperatingSystem.IsWindows())
            return false;
        using var key = Registry.LocalMachine.OpenSubKey(Key);
        return key is not null;
    }

    private static Dictionary<string, string> Before()
    {
        if (!OperatingSystem.IsWindows())
            return [];
        using var key = Registry.LocalMachine.OpenSubKey(Key);
        return (key?.GetValue("Environment") as string[] ?? [])
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
