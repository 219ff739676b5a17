using System.Diagnostics;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Deploying;

/// <summary>The archive for Linux, built and then run as on a server: no SDK on the path, and no network but loopback.</summary>
public sealed class ArchiveTests
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
        echo "screen: $(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:5080/display/example)"
        echo "font: $(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:5080/fonts/noto-sans-sc-400.woff2)"
        echo "svg: $(curl -s http://127.0.0.1:5080/h/example/qr.svg | head -c 4)"
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_archive_runs_without_SDK_and_network_and_starts_empty()
    {
        Assert.SkipUnless(await MayIsolateAsync(), "This system lets nobody make a network of their own (unshare --net).");
        using var folder = new Folder();
        await using var archive = ProgramRun.StartFile(folder.Path, Path.Combine(ProgramRun.Checkout, "deploy", "archive.sh"), ["linux-x64"]);
        await archive.ExitAsync(TimeSpan.FromMinutes(10));
        Assert.EndsWith("/artifacts/serviceeval-linux-x64.tar.gz", archive.Output, StringComparison.Ordinal);
        await using var unpacked = ProgramRun.StartFile(folder.Path, "tar", ["-xzf", archive.Output]);
        Assert.Equal(0, await unpacked.ExitAsync());

        await using var installed = ProgramRun.StartFile(folder.Path, "unshare", ["--net", "bash", "-c", Installed, "installed", folder.Path]);
        await installed.ExitAsync();

        Assert.Equal(
            ["ready: Healthy", "halls: []", "seeded: 最小示例：1 个大厅，2 个窗口，1 个部门，8 个事项。", "files: 3", "screen: 200", "font: 200", "svg: <svg"],
            installed.Output.Split('\n'));
    }

    private static async Task<bool> MayIsolateAsync()
    {
        using var probe = Process.Start(new ProcessStartInfo("unshare", ["--net", "true"]) { RedirectStandardError = true })!;
        await probe.WaitForExitAsync(Ct);
        return probe.ExitCode == 0;
    }
}
