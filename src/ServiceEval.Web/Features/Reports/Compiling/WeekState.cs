using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Exchange;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>A week as one snapshot saw it, grouped by scope.</summary>
/// <param name="ByScope">The rows of each requested scope.</param>
/// <param name="Hashes">The hashes of these rows.</param>
/// <param name="Newest">The newest report of each scope that has a report of the week.</param>
/// <param name="Versions">All reports of the week. A report that is stored from this state is added.</param>
/// <param name="DueScopes">The scopes that have no report of these rows.</param>
/// <param name="Context">Null if no report was due, or if no report may be compiled.</param>
/// <param name="IsImporting">True if reports are due but history is still being imported.</param>
public sealed record WeekState(
    WeekRows Rows,
    IReadOnlyDictionary<string, WeekRows> ByScope,
    IReadOnlyDictionary<string, byte[]> Hashes,
    IReadOnlyDictionary<string, NewestReport> Newest,
    ISet<(string Scope, int Version)> Versions,
    IReadOnlySet<string> DueScopes,
    WeekContext? Context,
    bool IsImporting
)
{
    public IsoWeek Week => Rows.Week;

    /// <param name="settled">The hashes of rows that were checked and need no report, by scope and week.</param>
    public static WeekState Of(
        IReadOnlyCollection<ReportScope> scopes,
        WeekRead read,
        IReadOnlyDictionary<(string Scope, IsoWeek Week), byte[]> settled
    )
    {
        var byScope = read.Rows.Of(scopes);
        var hashes = byScope.ToDictionary(p => p.Key, p => p.Value.Hash());
        bool IsDue(string scope) =>
            !IsSame(read.Newest.GetValueOrDefault(scope)?.DataHash, hashes[scope])
            && !IsSame(settled.GetValueOrDefault((scope, read.Rows.Week)), hashes[scope]);
        var due = byScope.Keys.Where(IsDue).ToHashSet();
        return new(
            read.Rows,
            byScope,
            hashes,
            read.Newest,
            read.Versions,
            due,
            read.Context,
            due.Count > 0 && read.IsImporting
        );
    }

    private static bool IsSame(byte[]? one, byte[] other) => one is not null && one.AsSpan().SequenceEqual(other);
}

/// <summary>A scope's newest report, without its JSON.</summary>
public sealed record NewestReport(string Scope, string Week, int Version, byte[] DataHash, DateTimeOffset CompiledAt);
