using System.Linq.Expressions;
using Hangfire;

namespace ServiceEval.Web.Hosting;

/// <summary>What a node does with a job in the list that it may share with other nodes.</summary>
internal enum JobEntry
{
    Run,

    /// <summary>The settings turn the job off.</summary>
    Remove,

    /// <summary>This node has no settings for the job. Another node may have them, so the job stays in the list.</summary>
    Leave,
}

/// <summary>A recurring job. A room exports its jobs, and <see cref="Program"/> lists them.</summary>
/// <param name="Name">The id of the job in Hangfire.</param>
/// <param name="Enter">Enters the job in the list, or changes it there.</param>
internal sealed record HostJob(string Name, JobEntry Entry, Action<IRecurringJobManager> Enter)
{
    /// <param name="cron">The times in <paramref name="zone"/>; UTC if the zone is null.</param>
    public static HostJob Of<T>(Expression<Func<T, Task>> run, string cron, TimeZoneInfo? zone = null)
    {
        var options = new RecurringJobOptions { TimeZone = zone ?? TimeZoneInfo.Utc };
        return new(typeof(T).Name, JobEntry.Run, jobs => jobs.AddOrUpdate(typeof(T).Name, run, cron, options));
    }

    public static HostJob Removed<T>() =>
        new(typeof(T).Name, JobEntry.Remove, jobs => jobs.RemoveIfExists(typeof(T).Name));

    public static HostJob Left<T>() => new(typeof(T).Name, JobEntry.Leave, _ => { });
}
