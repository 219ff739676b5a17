using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Nodes;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Hosting.Nodes;

/// <summary>
/// Decides whether a registered node is alive. It compares heartbeats and not times, because the clocks of machines
/// differ.
/// </summary>
internal static class NodeWatch
{
    /// <summary>A living node sends at least one heartbeat within this time.</summary>
    public static readonly TimeSpan Patience = 2 * NodeRegistry.Interval;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// Identifies this boot of the machine and the container (PID namespace) of this process; null on systems that do
    /// not report them.
    /// </summary>
    public static string? Place { get; } = FindPlace();

    public static async Task<List<Node>> ReadAsync(IDbContextFactory<ServiceEvalDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Nodes.AsNoTracking().OrderBy(n => n.Id).ToListAsync(ct);
    }

    public static bool IsThisProcess(Node node) =>
        Place is not null
            ? node.Place == Place && node.ProcessId == Environment.ProcessId
            : node.Machine == Environment.MachineName && node.ProcessId == Environment.ProcessId;

    /// <summary>Returns whether the node ran in this place and its process no longer exists.</summary>
    public static bool IsGoneFromHere(Node node) =>
        Place is not null && node.Place == Place && !ProcessExists(node.ProcessId);

    /// <summary>
    /// Waits until the heartbeat of a row increases. Returns false if it does not increase within the time that a
    /// living node needs.
    /// </summary>
    public static async Task<bool> BeatsAsync(
        IDbContextFactory<ServiceEvalDb> databases,
        int id,
        long last,
        CancellationToken ct
    )
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(Pace, TimeProvider.System, ct);
            await using var db = await databases.CreateDbContextAsync(ct);
            var beat = await db.Nodes.Where(n => n.Id == id).Select(n => (long?)n.Beat).SingleOrDefaultAsync(ct);
            if (beat is null)
                return false;
            if (beat != last)
                return true;
        }
        return false;
    }

    public static string NameOf(string machine, int processId) =>
        string.Create(CultureInfo.InvariantCulture, $"{machine}（进程 {processId}）");

    private static string? FindPlace()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {new FileInfo("/proc/self/ns/pid").LinkTarget}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool ProcessExists(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
