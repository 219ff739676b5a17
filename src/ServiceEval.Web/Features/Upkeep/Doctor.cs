using System.Data.Common;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Files;
using ServiceEval.Core.Ledger;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Hosting.Checks;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>Runs all checks. If a check throws, the other checks still run.</summary>
internal sealed class Doctor(IEnumerable<Check> checks)
{
    public async Task<Diagnosis> ExamineAsync(CancellationToken ct)
    {
        var done = new List<Examined>();
        foreach (var check in checks)
        {
            var findings = new Findings();
            try
            {
                await check.ExamineAsync(findings, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                // DatabaseCheck reports an unreadable database as a fault, so for the other checks it is only a
                // warning.
                if (IsOfAnotherSchema(e, done))
                    findings.Warning("没有检查：数据库的结构与本版本不一致", "请先按“结构”一项处理，再检查一次。");
                else if (DatabaseChoice.WhyUnreadable(e) is { } why)
                    findings.Warning(
                        done.Exists(c => c.State == FindingState.Fault)
                            ? "没有检查完，因为数据库读不了"
                            : $"没有检查完：{why}",
                        "请先解决前面的故障。"
                    );
                else if (e is IOException or UnauthorizedAccessException)
                    findings.Fault($"没有检查完：{FileFaults.Reason(e)}", Findings.AsTheService);
                else
                    findings.Fault($"检查时出错：{e.Message}", "请把这一行和服务的日志交给维护人员。");
            }
            done.Add(new(check.Name, check.Title, findings.Worst, findings.All));
        }
        return new(done.TrueForAll(c => c.State != FindingState.Fault), done);
    }

    /// <summary>
    /// Returns whether a query failed because the database lacks the tables or columns of this program's schema.
    /// </summary>
    private static bool IsOfAnotherSchema(Exception e, IReadOnlyList<Examined> done) =>
        e is DbException or DbUpdateException or InvalidOperationException { InnerException: DbException }
        && done.Any(c => c is { Name: SchemaCheck.SchemaName, State: FindingState.Fault });
}

internal sealed record Diagnosis(bool Ok, IReadOnlyList<Examined> Checks);
