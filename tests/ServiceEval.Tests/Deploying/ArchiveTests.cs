using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Deploying;

/// <summary>
/// Builds the archive for Linux and runs it as on a server: without an SDK on the path, and without a network except
/// loopback.
/// </summary>
public sealed partial class ArchiveTests(Archive archive) : IClassFixture<Archive>
{
    private const string Installed = """
        set -eu
        ip link set lo up
        cd "$1"
        (cd serviceeval && sha256sum --check --quiet SHA256SUMS)
        # Nothing of this machine but the kernel's and C's libraries: neither path nor settings.
        run() { env -i PATH=/nonexistent ServiceEval__Browser=/nonexistent "$1/serviceeval/serviceeval" "${@:2}"; }
        env -i PATH=/nonexistent ASPNETCORE_URLS=http://127.0.0.1:5080 ServiceEval__LogFormat=text "$PWD/serviceeval/serviceeval" serve > serve.log 2>&1 &
        server=$!
        trap 'kill $server' EXIT
        for _ in $(seq 300); do curl -sf http://127.0.0.1:5080/healthz/ready > ready && break; sleep 0.2; done
        echo "ready: $(cat ready)"
        echo "halls: $(curl -s http://127.0.0.1:5080/api/v1/halls)"
        run "$PWD" seed minimal 2> seeded
        echo "seeded: $(cat seeded)"
        run "$PWD" report weekly --week 2026-W10 --out reports 2> why | grep -c . | sed 's/^/files: /'
        # The server reads the new hall within seconds.
        for _ in $(seq 100); do curl -sf -o /dev/null http://127.0.0.1:5080/h/example/qr.svg && break; sleep 0.1; done
        echo "screen: $(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:5080/display/example)"
        echo "font: $(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:5080/fonts/noto-sans-sc-400.woff2)"
        echo "svg: $(curl -s http://127.0.0.1:5080/h/example/qr.svg | head -c 4)"
        """;

    /// <summary>
    /// The steps of an operator on a separate machine. nsenter shows the machine as the service sees it.
    /// </summary>
    private const string Steps = """
        set -u
        own=/srv/serviceeval/serviceeval
        pid() { systemctl show --property=MainPID --value serviceeval; }
        $own service install --data /srv/storage/data --backup /srv/storage/backup --url http://127.0.0.1:5080
        # At once: it was started only when it was ready.
        echo "state: $(systemctl is-active serviceeval), $(systemctl is-enabled serviceeval)"
        echo "ready: $(curl -s http://127.0.0.1:5080/healthz/ready)"
        echo "halls: $(curl -s http://127.0.0.1:5080/api/v1/halls)"
        serviceeval seed minimal
        echo "owner: $(stat --format='%U %a' /srv/storage/data)"
        echo "log: $(grep -l 'Now listening on' /srv/storage/data/logs/serviceeval-*.log | wc -l)"
        first=$(pid) written=
        for path in /etc/x /srv/serviceeval/x /srv/storage/x /srv/storage/data/x /srv/storage/backup/x /tmp/x; do
          nsenter --target "$first" --mount setpriv --reuid=serviceeval --regid=serviceeval --clear-groups touch $path 2> /dev/null && written+=" $path"
        done
        echo "written:$written"
        echo "privileges: $(sed -n 's/^CapBnd:\t//p' /proc/$first/status)"
        kill -9 "$first"
        for _ in $(seq 300); do
          [ "$(pid)" = "$first" ] || again=$(curl -sf http://127.0.0.1:5080/healthz/ready) && [ -n "${again:-}" ] && break
          sleep 0.1
        done
        echo "ready again: $again"
        echo "windows: $(serviceeval windows --json | grep -o '"number"' | wc -l)"
        $own service install --url http://192.0.2.1:5081
        echo "listens: $(grep ASPNETCORE_URLS /etc/serviceeval/serviceeval.env)"
        # The backup's disk is away at the start, and while installing again.
        mv /srv/storage/backup /srv/storage/away
        systemctl restart serviceeval
        echo "without the backup's disk: $(systemctl is-active serviceeval)"
        $own service install > /dev/null
        echo "without the backup's disk: $(systemctl is-active serviceeval), $([ -e /srv/storage/backup ] || echo nothing in its place)"
        mv /srv/storage/away /srv/storage/backup
        # In the service's own sandbox: the browser that prints must work in there too.
        mkdir /etc/systemd/system/serviceeval.service.d
        printf '[Service]\nType=oneshot\nRestart=no\nExecStart=\nExecStart=%s\n' "$own report weekly --week 2026-W10 --out /srv/storage/data/reports" > /etc/systemd/system/serviceeval.service.d/report.conf
        systemctl stop serviceeval && systemctl daemon-reload && systemctl start serviceeval
        echo "report: $(ls /srv/storage/data/reports | wc -l)"
        rm -r /etc/systemd/system/serviceeval.service.d
        $own service uninstall
        echo "state: $(systemctl is-active serviceeval), $([ -e /etc/systemd/system/serviceeval.service ] || echo gone), $([ -e /srv/storage/data/serviceeval.db ] && echo data kept)"
        $own service uninstall
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_archive_runs_without_SDK_and_network_and_starts_empty()
    {
        Assert.SkipWhen(
            await OutsideTool.TryAsync("unshare", "--net", "true") is not null,
            "This system lets nobody make a network of their own (unshare --net)."
        );
        using var folder = new Folder();
        await archive.UnpackAsync(folder.Path);

        await using var installed = ProgramRun.StartFile(
            folder.Path,
            "unshare",
            ["--net", "bash", "-c", Installed, "installed", folder.Path]
        );
        await installed.ExitAsync();

        Assert.Equal(
            [
                "ready: Healthy",
                "halls: []",
                "seeded: 最小示例：1 个大厅，2 个窗口，1 个部门，8 个事项，73 个标签。",
                "files: 3",
                "screen: 200",
                "font: 200",
                "svg: <svg",
            ],
            installed.Output.Split('\n')
        );
    }

    [Fact]
    public async Task Each_package_that_it_brings_is_named_with_the_text_of_its_licence()
    {
        using var folder = new Folder();
        await archive.UnpackAsync(folder.Path);
        var (program, licences) = (
            Path.Combine(folder.Path, "serviceeval"),
            Path.Combine(folder.Path, "serviceeval", "licenses")
        );
        using var brought = JsonDocument.Parse(
            await File.ReadAllBytesAsync(Path.Combine(program, "ServiceEval.Web.deps.json"), Ct)
        );
        var packages = brought
            .RootElement.GetProperty("libraries")
            .EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() != "project")
            .Select(library => library.Name.Replace("runtimepack.", "", StringComparison.Ordinal).Replace('/', ' '))
            .ToList();
        var named = Notice()
            .Matches(await File.ReadAllTextAsync(Path.Combine(licences, "THIRD-PARTY-NOTICES.txt"), Ct))
            .ToDictionary(notice => notice.Groups["name"].Value, notice => notice.Groups["texts"].Value.Split(", "));

        Assert.InRange(packages.Count, 50, 500);
        Assert.All(packages, package => Assert.Contains(package, named.Keys));
        Assert.All(
            named.Values.SelectMany(texts => texts),
            text => Assert.True(Path.Exists(Path.Combine(licences, text)), text)
        );
        var font = named
            .Single(notice => notice.Key.StartsWith("@fontsource/", StringComparison.Ordinal))
            .Value.Single();
        Assert.Contains(
            "SIL OPEN FONT LICENSE",
            await File.ReadAllTextAsync(Path.Combine(licences, font), Ct),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Unicode",
            await File.ReadAllTextAsync(Path.Combine(licences, "ICU.txt"), Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_pages_of_the_archive_link_only_to_files_in_the_archive()
    {
        using var folder = new Folder();
        await archive.UnpackAsync(folder.Path);
        var pages = Directory
            .EnumerateFiles(folder.Path, "*.md", SearchOption.AllDirectories)
            .Where(page => !page.Contains("/licenses/", StringComparison.Ordinal))
            .ToList();

        Assert.InRange(pages.Count, 6, 20);
        foreach (var page in pages)
        {
            var text = await File.ReadAllTextAsync(page, Ct);
            Assert.All(
                Link().Matches(text),
                link =>
                    Assert.True(
                        Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link.Groups["to"].Value)),
                        $"{Path.GetRelativePath(folder.Path, page)}: {link.Value}"
                    )
            );
            Assert.DoesNotContain("run.sh", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Installed_as_a_service_it_is_ready_at_once_comes_back_when_killed_and_writes_nowhere_else()
    {
        Assert.SkipWhen(
            Directory.Exists("/run/systemd/system"),
            "This machine is systemd's own; a second one beside it is not tried."
        );
        string[] namespaces =
        [
            "--pid",
            "--fork",
            "--kill-child",
            "--mount",
            "--mount-proc",
            "--uts",
            "--ipc",
            "--cgroup",
            "--net",
        ];
        Assert.SkipUnless(File.Exists("/lib/systemd/systemd"), "systemd is not installed here.");
        var why = await OutsideTool.TryAsync(["unshare", .. namespaces, "mount", "--make-rprivate", "/"]);
        if (why is not null)
            Assert.Skip($"A systemd of the test's own can't be had here: {why}");
        using var folder = new Folder();
        await archive.UnpackAsync(folder.Path);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "steps.sh"), Steps, Ct);
        var storage = Directory.CreateDirectory(Path.Combine(folder.Path, "storage")).FullName;

        var script = Path.Combine(ProgramRun.Checkout, "tests", "ServiceEval.Tests", "Deploying", "own-systemd.sh");
        await using var machine = ProgramRun.StartFile(
            folder.Path,
            "unshare",
            [
                .. namespaces,
                "bash",
                script,
                Path.Combine(folder.Path, "serviceeval"),
                storage,
                Path.Combine(folder.Path, "steps.sh"),
            ]
        );
        await machine.ExitAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(
            [
                "服务已安装并启动，开机自动启动。命令 serviceeval 已可使用。数据在 /srv/storage/data，设置在 /etc/serviceeval/serviceeval.env，日志在 /srv/storage/data/logs。",
                "每夜备份到 /srv/storage/backup。",
                "state: active, enabled",
                "ready: Healthy",
                "halls: []",
                "最小示例：1 个大厅，2 个窗口，1 个部门，8 个事项，73 个标签。",
                "owner: serviceeval 700",
                "log: 1",
                "written: /srv/storage/data/x /srv/storage/backup/x /tmp/x",
                "privileges: 0000000000000400",
                "ready again: Healthy",
                "windows: 2",
                "服务原已安装，已更新并启动，开机自动启动。命令 serviceeval 已可使用。数据在 /srv/storage/data，设置在 /etc/serviceeval/serviceeval.env，日志在 /srv/storage/data/logs。",
                "每夜备份到 /srv/storage/backup。",
                "listens: ASPNETCORE_URLS=\"http://*:5081\"",
                "without the backup's disk: active",
                "without the backup's disk: active, nothing in its place",
                "report: 4",
                "服务已停止并卸下。数据、备份、设置 /etc/serviceeval/serviceeval.env 和账号都还在。",
                "state: inactive, gone, data kept",
                "服务没有安装，不需要卸下。",
            ],
            (await File.ReadAllTextAsync(Path.Combine(storage, "said"), Ct)).TrimEnd('\n').Split('\n')
        );
    }

    [GeneratedRegex(
        @"^(?<name>\S+ \S+)\n  licence: .+\n  copyright: .*\n  texts: (?<texts>.+)$",
        RegexOptions.Multiline
    )]
    private static partial Regex Notice();

    /// <summary>Matches a link to a file, not a link to a site or to a place in the same page.</summary>
    [GeneratedRegex("""(\]\(|src=")(?!https?:)(?<to>[^)"#]+)""")]
    private static partial Regex Link();
}
