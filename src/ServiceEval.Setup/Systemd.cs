using System.Diagnostics;
using System.Text.RegularExpressions;
using ServiceEval.Core;

namespace ServiceEval.Setup;

/// <summary>The systemd unit: the unit file of <c>deploy/</c> with this machine's paths.</summary>
internal sealed partial class Systemd : IServiceSystem
{
    private const string Unit = "/etc/systemd/system/serviceeval.service";
    private const string Environment = "/etc/serviceeval/serviceeval.env";
    private const string Command = "/usr/local/bin/serviceeval";
    private const string DefaultData = "/var/lib/serviceeval";
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// The directories that the unit hides from the service, regardless of the account's permissions.
    /// </summary>
    private static readonly string[] Hidden = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];

    public Plan Install(InstallWish wish) =>
        Install(wish, MayRead() ? EnvironmentFile.ReadFile(Environment) : [], UserBefore());

    private static bool MayRead() => File.Exists(Environment) && System.Environment.IsPrivilegedProcess;

    /// <summary>Plans the installation. The settings and the account of an earlier installation are given.</summary>
    internal static Plan Install(InstallWish wish, IReadOnlyDictionary<string, string> before, string? userBefore)
    {
        var user = wish.User ?? userBefore ?? "serviceeval";
        if (user == "root")
            throw new OperatorException("服务不能用 root 运行，请用 --user 另指一个专用的账号，如 serviceeval。")
            {
                IsUsage = true,
            };
        if (!AccountName().IsMatch(user))
            throw new OperatorException(
                $"--user 的“{user}”不是系统账号名，应为小写字母、数字、下划线和连字符，最多32个字符。"
            )
            {
                IsUsage = true,
            };
        var settings = ServiceSettings.Merge(before, wish, DefaultData);
        var (data, logs, backup) = (
            settings[ServiceSettings.Data],
            settings[ServiceSettings.Logs],
            settings.GetValueOrDefault(ServiceSettings.Backup)
        );
        var outside = ((string?[])[logs, backup]).OfType<string>().Distinct().Where(d => !IsIn(d, data)).ToList();

        List<Step> steps = [];
        // useradd ends with exit code 9 if the account exists already.
        steps.Add(
            new RunCommand(
                "useradd",
                "--system",
                "--user-group",
                "--no-create-home",
                "--home-dir",
                data,
                "--shell",
                "/usr/sbin/nologin",
                user
            )
            {
                AlsoDone = 9,
            }
        );
        steps.Add(Make(data));
        // A configured backup directory that is missing is probably on a disk that is not mounted. Creating it would
        // hide this, so only a directory that was given now is created.
        steps.AddRange(
            outside
                .Where(directory => !Directory.Exists(directory) && (directory != backup || wish.Backup is not null))
                .Select(Make)
        );
        // If root has run the program or a seed before, its files belong to root and the service could not open them.
        steps.Add(new RunCommand("chown", "--recursive", "--no-dereference", $"{user}:{user}", data));
        steps.Add(
            new WriteFile(Environment, EnvironmentFile.Write(settings), Owner)
            {
                Shown = EnvironmentFile.Write(ServiceSettings.Masked(settings)),
            }
        );
        steps.Add(new WriteFile(Unit, UnitText(user, data, outside), Everybody));
        steps.Add(
            new WriteFile(
                Command,
                CommandText(),
                Everybody | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
            )
        );
        steps.Add(new RunCommand("systemctl", "daemon-reload"));
        steps.Add(new RunCommand("systemctl", "enable", "serviceeval.service"));
        steps.Add(
            new RunCommand("systemctl", "restart", "serviceeval.service")
            {
                Advice = "请运行 journalctl -u serviceeval -n 50 查看原因，改正后再试一次。",
            }
        );
        List<string> obstacles =
        [
            .. Obstacles(),
            .. Obstacles(data, isOurs: before.GetValueOrDefault(ServiceSettings.Data) == data),
        ];
        if (!IsIn(logs, data))
            obstacles.AddRange(
                Obstacles("日志目录", logs, user, $"请把 {Environment} 中的 {ServiceSettings.Logs} 改为")
            );
        if (backup is not null && IsIn(backup, data))
            obstacles.Add(
                $"备份目录 {backup} 在数据目录里，会与数据一起丢失，请用 --backup 另指一处，宜在另一块盘上。"
            );
        else if (backup is not null)
            obstacles.AddRange(Obstacles("备份目录", backup, user, "请用 --backup 指向"));
        return new Plan(
            obstacles,
            steps,
            [
                $"{(File.Exists(Unit) ? "服务原已安装，已更新" : "服务已安装")}并启动，开机自动启动。命令 serviceeval 已可使用。数据在 {data}，设置在 {Environment}，日志在 {logs}。",
                .. backup is null ? [] : (string[])[$"每夜备份到 {backup}。"],
            ]
        )
        {
            Missing = [.. ServiceSettings.Missing(settings)],
        };

        Step Make(string directory) =>
            new RunCommand("install", "--directory", "--mode=0700", $"--owner={user}", $"--group={user}", directory);
    }

    public Plan Uninstall()
    {
        if (!File.Exists(Unit))
            return new Plan([], [], ["服务没有安装，不需要卸下。"]);
        return new Plan(
            [.. Obstacles()],
            [
                new RunCommand("systemctl", "disable", "--now", "serviceeval.service"),
                new DeleteFile(Unit),
                new DeleteFile(Command),
                new RunCommand("systemctl", "daemon-reload"),
            ],
            [$"服务已停止并卸下。数据、备份、设置 {Environment} 和账号都还在。"]
        );
    }

    public (IReadOnlyDictionary<string, string> Settings, string[] Command) Run(IReadOnlyList<string> verb)
    {
        if (UserBefore() is not { } user || !File.Exists(Environment))
            throw new OperatorException("服务没有安装，请直接运行程序，或先运行 service install。");
        if (!System.Environment.IsPrivilegedProcess)
            throw new OperatorException("换用服务的账号需要 root，请用 sudo 运行。");
        string[] asUser = ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups"];
        return (EnvironmentFile.ReadFile(Environment), [.. asUser, .. ThisProgram(), .. verb]);
    }

    private static IEnumerable<string> Obstacles()
    {
        if (!System.Environment.IsPrivilegedProcess)
            yield return "安装和卸下服务需要 root，请用 sudo 运行。";
        if (!Directory.Exists("/run/systemd/system"))
            yield return "这台机器不是由 systemd 启动的，装不了服务；容器里请直接运行 serve，或用 deploy/ 中的 compose 文件。";
    }

    /// <param name="isOurs">True if it was the service's data directory before. Without a database on this machine it
    /// may contain only logs.</param>
    private static IEnumerable<string> Obstacles(string data, bool isOurs)
    {
        if (Hidden.FirstOrDefault(h => IsIn(AppContext.BaseDirectory, h)) is { } hidden)
            yield return $"程序在 {AppContext.BaseDirectory}，服务读不到 {hidden}，请先把整个目录移到 /opt/serviceeval 再安装。";
        if (Hidden.Any(h => IsIn(data, h)))
            yield return $"数据目录 {data} 服务用不了，请用 --data 另指一处，如 {DefaultData}。";
        else if (!isOurs && ServiceSettings.WhyNotData(data) is { } why)
            yield return why;
    }

    /// <summary>
    /// Returns the obstacles of a directory outside the data. It is created if it is missing. An existing directory is
    /// not changed.
    /// </summary>
    /// <param name="instead">How to choose another directory, without its path.</param>
    private static IEnumerable<string> Obstacles(string what, string directory, string user, string instead)
    {
        if (Hidden.FirstOrDefault(h => IsIn(directory, h)) is { } hidden)
            yield return $"{what} {directory} 服务用不了，它看不到 {hidden}，{instead}别处。";
        else if (Directory.Exists(directory) && OwnerOf(directory) is var owner && owner != user)
            yield return $"{what} {directory} 原已存在，属于 {owner} 而不是服务的账号 {user}，{instead}一处还没有的目录，如 {directory}/serviceeval。";
    }

    private static string OwnerOf(string path)
    {
        using var stat = Process.Start(
            new ProcessStartInfo("stat", ["--dereference", "--format=%U", "--", path]) { RedirectStandardOutput = true }
        )!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }

    private static bool IsIn(string path, string directory) =>
        (path + "/").StartsWith(directory + "/", StringComparison.Ordinal);

    private static string UnitText(string user, string data, IEnumerable<string> outside)
    {
        using var resource = typeof(Systemd).Assembly.GetManifestResourceStream("serviceeval.service")!;
        using var reader = new StreamReader(resource);
        var values = new Dictionary<string, string>
        {
            ["ExecStart"] = string.Join(' ', ThisProgram().Append("serve").Select(Word))
                .Replace("$", "$$", StringComparison.Ordinal),
            ["WorkingDirectory"] = Specifier(data),
            ["EnvironmentFile"] = Environment,
            ["User"] = user,
            ["Group"] = user,
            // The "-" prefix lets the service start if a directory is missing, for example because its disk is not
            // mounted.
            ["ReadWritePaths"] = string.Join(
                ' ',
                outside.Select(directory => "-" + directory).Prepend(data).Select(Word)
            ),
        };
        return Assignment()
            .Replace(
                reader.ReadToEnd(),
                line =>
                    values.TryGetValue(line.Groups["name"].Value, out var value)
                        ? $"{line.Groups["name"].Value}={value}"
                        : line.Value
            );
    }

    /// <summary>
    /// The shell script that makes `serviceeval seed` and other commands work on the service's data instead of root's.
    /// </summary>
    private static string CommandText() =>
        $"""
            #!/bin/sh
            # ServiceEval's verbs, as its service runs. Written by `serviceeval service install`.
            [ "$1" != service ] || exec {Shell(ThisProgram())} "$@"
            exec {Shell(ThisProgram())} service run "$@"

            """;

    private static string Shell(IEnumerable<string> words) => new RunCommand([.. words]).ToString();

    private static string? UserBefore() =>
        File.Exists(Unit)
        && Assignment().Matches(File.ReadAllText(Unit)).FirstOrDefault(line => line.Groups["name"].Value == "User")
            is { } line
            ? line.Value["User=".Length..]
            : null;

    /// <summary>Returns the published program or, in a checkout, `dotnet` and the assembly.</summary>
    private static IEnumerable<string> ThisProgram()
    {
        var program = System.Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Path.Combine(AppContext.BaseDirectory, "ServiceEval.Web.dll")]
            : [program];
    }

    /// <summary>Escapes one word of a command or a list.</summary>
    private static string Word(string text)
    {
        var escaped = Specifier(text).Replace("\\", "\\\\", StringComparison.Ordinal);
        return escaped.Contains(' ', StringComparison.Ordinal) ? $"\"{escaped}\"" : escaped;
    }

    private static string Specifier(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z_][a-z0-9_-]{0,31}$")]
    private static partial Regex AccountName();

    [GeneratedRegex("^(?<name>[A-Za-z]+)=.*$", RegexOptions.Multiline)]
    private static partial Regex Assignment();
}
