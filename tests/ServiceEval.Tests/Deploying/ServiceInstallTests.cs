using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Hosting.Installing;

namespace ServiceEval.Tests.Deploying;

/// <summary>What installing would do and when it is refused; that it really does so is for the archive's tests.</summary>
public sealed class ServiceInstallTests
{
    private static string Unit { get; } = File.ReadAllText(Path.Combine(ProgramRun.Checkout, "deploy", "serviceeval.service"));

    [Fact]
    public async Task Printing_shows_every_step_and_does_none()
    {
        using var folder = new Folder();
        var data = Path.Combine(folder.Path, "data");
        await using var install = ProgramRun.Start(folder.Path, $"service install --data data --backup {folder.Path}/backup --url https://hcp.example.gov.cn --user hcp --print");

        Assert.Equal(0, await install.ExitAsync());
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
            lines.Where(line => !line.StartsWith(' ')));
        foreach (var setting in (string[])["ASPNETCORE_URLS=\"http://127.0.0.1:5080\"", "ServiceEval__PublicUrl=\"https://hcp.example.gov.cn\"", "ServiceEval__KnownProxies__0=\"127.0.0.1\"",
            $"ServiceEval__DataDirectory=\"{data}\"", $"ServiceEval__LogDirectory=\"{data}/logs\"", $"ServiceEval__Backup__Directory=\"{folder.Path}/backup\""])
            Assert.Contains("    " + setting, lines);
    }

    [Fact]
    public async Task The_unit_is_the_one_that_stands_in_deploy_but_for_paths_and_account()
    {
        using var folder = new Folder();
        await using var install = ProgramRun.Start(folder.Path, "service install --print");
        Assert.Equal(0, await install.ExitAsync());

        var printed = install.Output.Split('\n').Select(line => line.Length > 4 && line[0] == ' ' ? line[4..] : line.Trim()).ToHashSet();
        var differing = Unit.Split('\n').Where(line => !printed.Contains(line)).Select(line => line.Split('=')[0]);
        Assert.Equal(["ExecStart"], differing);
    }

    [Theory]
    [InlineData("--url hcp.example.gov.cn", "--url")]
    [InlineData("--url https://hcp.example.gov.cn/hall", "--url")]
    [InlineData("--user Root!", "--user")]
    [InlineData("--data /", "--data")]
    [InlineData("--backup /", "--backup")]
    public async Task What_makes_no_sense_is_refused_in_one_sentence(string option, string named)
    {
        using var folder = new Folder();
        await using var install = ProgramRun.Start(folder.Path, $"service install {option} --print");

        Assert.Equal(1, await install.ExitAsync());
        Assert.Contains(named, Assert.Single(install.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.Empty(install.Output);
    }

    [Fact]
    public async Task A_directory_that_is_somebody_elses_is_not_taken()
    {
        using var folder = new Folder();
        await using var install = ProgramRun.Start(folder.Path, "service install --data /usr/share --print");

        Assert.Equal(0, await install.ExitAsync());
        Assert.Contains("目录 /usr/share 里有别的内容，不能当作数据目录", install.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("install")]
    [InlineData("run windows")]
    public async Task Where_it_can_not_be_it_is_refused_in_one_sentence_and_nothing_is_done(string verb)
    {
        Assert.SkipWhen(Directory.Exists("/run/systemd/system"), "This machine has systemd, where it can be.");
        using var folder = new Folder();
        await using var service = ProgramRun.Start(folder.Path, $"service {verb}");

        Assert.Equal(1, await service.ExitAsync());
        var sentence = Assert.Single(service.Errors.Split('\n'));
        Assert.Contains(verb == "install" ? Environment.IsPrivilegedProcess ? "systemd" : "root" : "服务没有安装", sentence, StringComparison.Ordinal);
        Assert.False(Path.Exists("/etc/serviceeval"));
    }

    [Fact]
    public void On_Windows_it_registers_a_service_that_starts_by_itself_and_is_started_again_when_it_fails()
    {
        var wish = new InstallWish("/ServiceEval/data", "http://192.168.1.10:5080", "/backup", null);
        var steps = WindowsServices.Install(wish, new Dictionary<string, string>(), isInstalled: false, @"C:\Program Files\ServiceEval\serviceeval.exe", "/unused").Steps;

        var commands = steps.OfType<RunCommand>().Select(c => c.Arguments).ToList();
        Assert.Equal(["sc.exe", "create", "ServiceEval", "binPath=", "\"C:\\Program Files\\ServiceEval\\serviceeval.exe\" serve", "start=", "delayed-auto", "obj=", "NT SERVICE\\ServiceEval"], commands[0][..9]);
        Assert.Contains(commands, c => c[1] == "failure" && c[^1].StartsWith("restart/", StringComparison.Ordinal));
        var settings = Assert.Single(commands, c => c[0] == "reg.exe")[^1].Split('|');
        Assert.Contains("ASPNETCORE_URLS=http://*:5080", settings);
        Assert.Contains("ServiceEval__LogDirectory=/ServiceEval/data/logs", settings);
        Assert.Contains("ServiceEval__Backup__Directory=/backup", settings);
        Assert.Equal(["net.exe", "start", "ServiceEval"], commands[^1]);
    }

    [Fact]
    public void Installing_again_on_Windows_stops_changes_and_starts_and_keeps_what_was_set()
    {
        var before = new Dictionary<string, string> { ["ServiceEval__DataDirectory"] = "/old", ["ServiceEval__FloodFuse"] = "900" };
        var commands = WindowsServices.Install(new InstallWish(null, null, null, null), before, isInstalled: true, "serviceeval.exe", "/unused").Steps.OfType<RunCommand>().Select(c => c.Arguments).ToList();

        Assert.Equal(["net.exe", "stop", "ServiceEval"], commands[0]);
        Assert.Equal(["sc.exe", "config", "ServiceEval"], commands[1][..3]);
        var settings = commands.Single(c => c[0] == "reg.exe")[^1].Split('|');
        Assert.Contains("ServiceEval__DataDirectory=/old", settings);
        Assert.Contains("ServiceEval__FloodFuse=900", settings);
    }
}
