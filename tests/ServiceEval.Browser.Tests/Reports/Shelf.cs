using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Browser.Tests.Reports;

/// <summary>Stores hand-written reports beside the compiled ones.</summary>
public static class Shelf
{
    private static readonly string?[] Comments =
    [
        "上午十点在3号窗口排了两个小时，叫到号说系统坏了，让我改天再来。",
        "材料退回三次，每次说的都不一样，工号0213的小王让我找李科长。",
        null,
        "办事指南上没有写要公证书，到了窗口才说，来回跑了几十公里。",
        "打13800138000没有人接。",
        "窗口同志很耐心，不会用手机也帮着办好了。",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Stores the report and returns the address of its page.</summary>
    public static async Task<string> PutAsync(TestHost host, WeeklyReport report)
    {
        var details = report
            .Quotes.Select(
                (q, i) =>
                    RatingDetail.Of(Guid.CreateVersion7(TestHost.Start), q.Grade, 0, 0, [], Comments[i], TestHost.Start)
            )
            .ToList();
        var quotes = report.Quotes.Zip(
            details,
            (q, d) =>
                d.CommentCommitment is { } commitment ? q with { Commitment = Convert.ToHexStringLower(commitment) } : q
        );
        var (json, hash) = (report with { Quotes = [.. quotes] }).Freeze();
        var row = new Core.Reports.Report
        {
            Scope = report.Scope,
            Week = report.Week,
            Version = report.Version,
            DataHash = new byte[32],
            ContentHash = hash,
            LedgerSequence = report.Ledger.Sequence,
            LedgerHash = Convert.FromHexString(report.Ledger.Hash),
            CompiledAt = TestHost.Start,
            Json = json,
        };
        await host.Part<IWriteGate>()
            .WriteAsync(
                async (db, ct) =>
                {
                    db.Add(row);
                    db.AddRange(details);
                    return await db.SaveChangesAsync(ct);
                },
                Ct
            );
        return $"/reports/{report.Id}.html";
    }
}
