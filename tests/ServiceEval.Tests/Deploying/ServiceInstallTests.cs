using ServiceEval.Setup;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Deploying;

/// <summary>
/// Tests the steps of an installation and the cases in which it is refused. The tests of the archive check that it
/// really runs.
/// </summary>
public sealed class ServiceInstallTests
{
    private static string Unit { get; } =
        File.ReadAllText(Path.Combine(ProgramRun.Checkout, "deploy", "serviceeval.service"));

    [Fact]
    public async Task Printing_shows_every_step_and_does_none()
    {
        using var folder = new Folder();
        var data = Path.Combine(folder.Path, "data");
        await using var install = ProgramRun.Start(
            folder.Path,
            $"service install --data data --backup {folder.Path}/backup --url https://hcp.example.gov.cn --user hcp --print"
        );

        // The service cannot see a folder below /tmp, so the installation would be refused. The last line gives the
        // reason.
        Assert.Equal(1, await install.ExitAsync());
        Assert.StartsWith("照此执行会被拒绝：", install.Errors.Split('\n')[^1], StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        var lines = install.Output.Split('\n');
        Assert.Equal(
            [
                $"useradd --system --user-group --no-create-home --home-dir {data} --shell /usr/sbin/nologin hcp",
                $"install --directory --mode=0700 --owner=hcp --group=hcp {data}",
                $"install --directory --mode=0700 --owner=hcp --group=hcp {folder.Path}/backup",
                $"chown --recursive --no-dereference hcp:hcp {data}",
                "# 写入 /etc/serviceeval/serviceeval.env，权限 0600：",
                "# 写入 /etc/systemd/system/serviceeval.service，权限 0644：",
                "# 写入 /usr/local/bin/serviceeval，权限 0755：",
                "systemctl daemon-reload",
                "systemctl enable serviceeval.service",
                "systemctl restart serviceeval.service",
            ],
            lines.Where(line => !line.StartsWith(' '))
        );
        foreach (
            var setting in (string[])
                [
                    "ASPNETCORE_URLS=\"http://127.0.0.1:5080\"",
                    "ServiceEval__PublicUrl=\"https://hcp.example.gov.cn\"",
                    "ServiceEval__KnownProxies__0=\"127.0.0.1\"",
                    $"ServiceEval__DataDirectory=\"{data}\"",
                    $"ServiceEval__LogDirectory=\"{data}/logs\"",
                    $"ServiceEval__Backup__Directory=\"{folder.Path}/backup\"",
                ]
        )
            Assert.Contains("    " + setting, lines);
        // A disk that is not mounted must not prevent the service's start.
        Assert.Contains($"    ReadWritePaths={data} -{folder.Path}/backup", lines);
    }

    [Fact]
    public async Task The_unit_is_the_one_that_stands_in_deploy_but_for_paths_and_account()
    {
        using var folder = new Folder();
        await using var install = ProgramRun.Start(folder.Path, "service install --print");
        await install.ExitAsync();

        var printed = install
            .Output.Split('\n')
            .Select(line => line.Length > 4 && line[0] == ' ' ? line[4..] : line.Trim())
            .ToHashSet();
        var differing = Unit.Split('\n').Where(line => !printed.Contains(line)).Select(line => line.Split('=')[0]);
        Assert.Equal(["ExecStart"], differing);
    }

    [Theory]
    [InlineData("--url hcp.example.gov.cn", "--url")]
    [InlineData("--url https://hcp.example.gov.cn/hall", "--url")]
    [InlineData("--user Root!", "--user")]
    [InlineData("--user root", "--user")]
    [InlineData("--data /", "--data")]
    [InlineData("--backup /", "--backup")]
    public async Task A_meaningless_option_is_refused_in_one_sentence(string option, string named)
    {
        using var folder = new Folder();
        await using var install = ProgramRun.Start(folder.Path, $"service install {option} --print");

        Assert.Equal(2, await install.ExitAsync());
        Assert.Contains(named, Assert.Single(install.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.Empty(install.Output);
    }

    [Theory]
    [InlineData("https://hcp.example.gov.cn ")]
    [InlineData(" https://hcp.example.gov.cn")]
    [InlineData("http://192.168.1.10:5080\r\n")]
    public async Task An_address_that_the_service_would_refuse_is_not_installed(string url)
    {
        using var folder = new Folder();
        await using var install = ProgramRun.StartFile(
            folder.Path,
            "dotnet",
            [ServiceProcess.AssemblyOf("service"), "service", "install", "--url", url, "--print"]
        );

        Assert.Equal(2, await install.ExitAsync());
        Assert.Contains("--url 应为不带空格", Assert.Single(install.Errors.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_may_not_see_the_data_directory_is_told_so()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can run a command as another account.");
        // The service cannot see folders below /tmp, and that would be the first obstacle.
        var data = Directory.CreateDirectory($"/var/lib/serviceeval-{Guid.NewGuid():N}");
        try
        {
            if (!OperatingSystem.IsWindows())
                data.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            await using var install = ProgramRun.StartFile(
                "/",
                "setpriv",
                [
                    "--reuid=65534",
                    "--clear-groups",
                    "dotnet",
                    ServiceProcess.AssemblyOf("service"),
                    "service",
                    "install",
                    "--data",
                    data.FullName,
                    "--print",
                ]
            );

            Assert.Equal(1, await install.ExitAsync());
            Assert.Contains(
                $"看不到 {data.FullName} 的内容，请用 sudo 运行。",
                install.Errors,
                StringComparison.Ordinal
            );
        }
        finally
        {
            data.Delete();
        }
    }

    [Fact]
    public async Task A_directory_that_is_somebody_elses_is_not_taken()
    {
        using var folder = new Folder();
        await using var install = ProgramRun.Start(folder.Path, "service install --data /usr/share --print");

        Assert.Equal(1, await install.ExitAsync());
        Assert.Contains("目录 /usr/share 里有别的内容，不能当作数据目录", install.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_it_is_said_what_QR_codes_will_carry()
    {
        var none = new Dictionary<string, string>();
        Plan[] without =
        [
            Systemd.Install(new InstallWish("/nowhere/data", null, null, null), none, null),
            WindowsServices.Install(
                new InstallWish("/nowhere/data", null, null, null),
                none,
                isInstalled: false,
                "serviceeval.exe",
                "/unused"
            ),
        ];
        Plan[] with =
        [
            Systemd.Install(new InstallWish("/nowhere/data", "http://192.168.1.10:5080", "/backup", null), none, null),
            WindowsServices.Install(
                new InstallWish("/nowhere/data", "http://192.168.1.10:5080", "/backup", null),
                none,
                isInstalled: false,
                "serviceeval.exe",
                "/unused"
            ),
        ];

        Assert.All(
            without,
            plan =>
                Assert.Contains(
                    plan.Missing,
                    sentence => sentence.Contains("二维码里会是 http://127.0.0.1:5080", StringComparison.Ordinal)
                )
        );
        Assert.All(with, plan => Assert.Empty(plan.Missing));
    }

    [Fact]
    public async Task A_directory_with_only_keys_or_logs_is_not_taken_for_a_data_directory()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "logs"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "keys"));
        Assert.NotNull(ServiceSettings.WhyNotData(folder.Path));

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "heads.log"), "", TestContext.Current.CancellationToken);
        Assert.Null(ServiceSettings.WhyNotData(folder.Path));
    }

    [Theory]
    [InlineData("/usr", "备份目录 /usr 原已存在，属于 root 而不是服务的账号 serviceeval")]
    [InlineData("/nowhere/data/backup", "备份目录 /nowhere/data/backup 在数据目录里")]
    [InlineData("/nowhere/data", "备份目录 /nowhere/data 在数据目录里")]
    [InlineData("/home/backup", "备份目录 /home/backup 服务用不了，它看不到 /home")]
    public void A_backup_directory_that_would_be_taken_from_somebody_or_be_of_no_use_is_refused(
        string backup,
        string sentence
    )
    {
        var plan = Systemd.Install(
            new InstallWish("/nowhere/data", null, backup, null),
            new Dictionary<string, string>(),
            null
        );

        Assert.Contains(sentence, string.Join('\n', plan.Obstacles), StringComparison.Ordinal);
        Assert.DoesNotContain(
            plan.Steps.OfType<RunCommand>(),
            c => c.Arguments[0] == "install" && c.Arguments[^1] == "/usr"
        );
    }

    [Fact]
    public void A_log_directory_that_others_use_is_not_taken()
    {
        var before = new Dictionary<string, string>
        {
            [ServiceSettings.Data] = "/nowhere/data",
            [ServiceSettings.Logs] = "/var/log",
        };
        var plan = Systemd.Install(new InstallWish(null, null, null, null), before, "serviceeval");

        Assert.Contains(
            plan.Obstacles,
            o => o.StartsWith("日志目录 /var/log 原已存在，属于 root", StringComparison.Ordinal)
        );
        Assert.Equal(["/nowhere/data"], Made(plan));
    }

    [Fact]
    public void Installing_again_while_the_backup_disk_is_away_makes_no_directory_in_its_place()
    {
        var before = new Dictionary<string, string>
        {
            [ServiceSettings.Data] = "/nowhere/data",
            [ServiceSettings.Backup] = "/nowhere/other disk",
        };
        var again = Systemd.Install(new InstallWish(null, null, null, null), before, "serviceeval");
        var asked = Systemd.Install(new InstallWish(null, null, "/nowhere/other disk", null), before, "serviceeval");

        Assert.Equal(["/nowhere/data"], Made(again));
        Assert.Equal(["/nowhere/data", "/nowhere/other disk"], Made(asked));
        Assert.Contains(
            "ReadWritePaths=/nowhere/data \"-/nowhere/other disk\"\n",
            again.Steps.OfType<WriteFile>().Single(f => f.Path.EndsWith(".service", StringComparison.Ordinal)).Content,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("ConnectionStrings__ServiceEval", "Host=database;Username=hcp;Password=Zb7|k")]
    [InlineData("ServiceEval__Redis", "redis:6379,password=Zb7|k")]
    [InlineData("ServiceEval__Mail__Password", "Zb7|k")]
    public void A_password_is_kept_and_never_printed(string name, string value)
    {
        var before = new Dictionary<string, string> { [name] = value };
        var wish = new InstallWish("/nowhere/data", null, null, null);
        var linux = Systemd.Install(wish, before, "serviceeval").Steps;
        var windows = WindowsServices.Install(wish, before, isInstalled: true, "serviceeval.exe", "/unused").Steps;

        Assert.Contains(
            $"{name}=\"{value}\"\n",
            linux.OfType<WriteFile>().Single(f => f.Path.EndsWith(".env", StringComparison.Ordinal)).Content,
            StringComparison.Ordinal
        );
        Assert.Equal(value, windows.OfType<SetEnvironment>().Single().Settings[name]);
        var printed = string.Join('\n', linux.Concat(windows));
        Assert.Contains(name, printed, StringComparison.Ordinal);
        Assert.DoesNotContain("Zb7", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("install")]
    [InlineData("run windows")]
    [InlineData("run windows --help")]
    public async Task A_service_command_that_cannot_run_here_is_refused_in_one_sentence_and_does_nothing(string verb)
    {
        Assert.SkipWhen(Directory.Exists("/run/systemd/system"), "This machine has systemd, where it can be.");
        using var folder = new Folder();
        await using var service = ProgramRun.Start(folder.Path, $"service {verb}");

        Assert.Equal(1, await service.ExitAsync());
        var sentence = Assert.Single(service.Errors.Split('\n'));
        Assert.Contains(
            verb == "install"
                ? Environment.IsPrivilegedProcess
                    ? "systemd"
                    : "root"
                : "服务没有安装",
            sentence,
            StringComparison.Ordinal
        );
        Assert.False(Path.Exists("/etc/serviceeval"));
    }

    [Fact]
    public void On_Windows_it_registers_a_service_that_starts_by_itself_and_is_started_again_when_it_fails()
    {
        var wish = new InstallWish("/ServiceEval/data", "http://192.168.1.10:5080", "/backup", null);
        var steps = WindowsServices
            .Install(
                wish,
                new Dictionary<string, string>(),
                isInstalled: false,
                @"C:\Program Files\ServiceEval\serviceeval.exe",
                "/unused"
            )
            .Steps;

        var commands = steps.OfType<RunCommand>().Select(c => c.Arguments).ToList();
        Assert.Equal(
            [
                "sc.exe",
                "create",
                "ServiceEval",
                "binPath=",
                "\"C:\\Program Files\\ServiceEval\\serviceeval.exe\" serve",
                "start=",
                "delayed-auto",
                "obj=",
                "NT SERVICE\\ServiceEval",
            ],
            commands[0][..9]
        );
        Assert.Contains(commands, c => c[1] == "failure" && c[^1].StartsWith("restart/", StringComparison.Ordinal));
        var settings = Assert.Single(steps.OfType<SetEnvironment>()).Settings;
        Assert.Equal("http://*:5080", settings["ASPNETCORE_URLS"]);
        Assert.Equal("/ServiceEval/data/logs", settings["ServiceEval__LogDirectory"]);
        Assert.Equal("/backup", settings["ServiceEval__Backup__Directory"]);
        Assert.Equal(["/ServiceEval/data", "/backup"], steps.OfType<MakeDirectory>().Select(d => d.Path));
        Assert.Equal(["net.exe", "start", "ServiceEval"], commands[^1]);
    }

    [Fact]
    public void Installing_again_on_Windows_stops_changes_and_starts_and_keeps_what_was_set()
    {
        var before = new Dictionary<string, string>
        {
            ["ServiceEval__DataDirectory"] = "/old",
            ["ServiceEval__FloodFuse"] = "900",
        };
        var steps = WindowsServices
            .Install(new InstallWish(null, null, null, null), before, isInstalled: true, "serviceeval.exe", "/unused")
            .Steps;
        var commands = steps.OfType<RunCommand>().Select(c => c.Arguments).ToList();

        Assert.Equal(["net.exe", "stop", "ServiceEval"], commands[0]);
        Assert.Equal(["sc.exe", "config", "ServiceEval"], commands[1][..3]);
        var settings = Assert.Single(steps.OfType<SetEnvironment>()).Settings;
        Assert.Equal("/old", settings["ServiceEval__DataDirectory"]);
        Assert.Equal("900", settings["ServiceEval__FloodFuse"]);
    }

    [Fact]
    public void A_backup_directory_that_is_there_keeps_its_access_on_Windows()
    {
        var plan = WindowsServices.Install(
            new InstallWish("/nowhere/data", null, "/usr", null),
            new Dictionary<string, string>(),
            isInstalled: false,
            "serviceeval.exe",
            "/unused"
        );

        Assert.DoesNotContain(plan.Steps.OfType<RunCommand>(), c => c.Arguments.Contains("/usr"));
        Assert.Contains(
            plan.Afterwards,
            sentence => sentence.StartsWith("目录 /usr 原已存在，权限没有改动", StringComparison.Ordinal)
        );
    }

    private static IEnumerable<string> Made(Plan plan) =>
        plan.Steps.OfType<RunCommand>().Where(c => c.Arguments[0] == "install").Select(c => c.Arguments[^1]);
}
