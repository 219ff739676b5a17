using System.Runtime.InteropServices;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Checks the machine's clock. Tickets expire and days begin by this clock, and nobody at a window can see that it is
/// wrong.
/// </summary>
internal sealed class ClockCheck(DatabaseEngine engine, TimeProvider time) : Check
{
    // The clocks of several nodes differ a little.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    // The time of a file can be off by a time zone if the file came from a medium that does not store time zones.
    private static readonly TimeSpan FileTolerance = TimeSpan.FromDays(1);

    private const string Remedy =
        "请用时间服务器（chrony、systemd-timesyncd 或 Windows 时间服务）校准系统时钟，再重启服务。";

    public override string Name => "clock";
    public override string Title => "时钟";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        // The program cannot have been built in the future. If the clock is earlier than the file, the clock is wrong.
        var built = new DateTimeOffset(File.GetLastWriteTimeUtc(typeof(ClockCheck).Assembly.Location));
        if (now < built - FileTolerance)
            findings.Fault($"系统时钟 {now:u} 早于程序文件的时间 {built:u}", Remedy);
        if (IsSynchronized() == false)
            findings.Warning($"系统时钟 {now:u} 没有与时间服务器同步", Remedy);

        var end = await engine.Inspection.ReadAsync(LedgerEnd.ReadAsync, ct);
        now = time.GetUtcNow();
        if (end.CommittedAt is { } last && last > now + Tolerance)
            findings.Fault($"系统时钟 {now:u} 早于账本最后一个区块的时间 {last:u}", Remedy);
        if (findings.Worst == FindingState.Ok)
            findings.Ok($"系统时钟 {now:u}{(end.CommittedAt is { } before ? $"，账本最后一个区块 {before:u}" : "")}");
    }

    /// <summary>
    /// Asks the kernel (<c>adjtimex</c>) whether the clock is synchronised. Returns null on systems other than Linux,
    /// or if the call fails.
    /// </summary>
    private static bool? IsSynchronized()
    {
        const int Unsynchronized = 5;
        // The buffer starts with modes = 0, so the call only reads.
        return OperatingSystem.IsLinux()
            ? adjtimex(new byte[256]) is var state and >= 0
                ? state != Unsynchronized
                : null
            : null;
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int adjtimex([In, Out] byte[] timex);
}
