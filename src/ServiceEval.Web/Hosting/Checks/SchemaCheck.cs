using Microsoft.EntityFrameworkCore;

namespace ServiceEval.Web.Hosting.Checks;

/// <summary>Checks that the schema of the database matches this program.</summary>
internal sealed class SchemaCheck(DatabaseEngine engine) : Check
{
    public const string SchemaName = "schema";

    public override string Name => SchemaName;
    public override string Title => "结构";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        var (ours, applied) = await engine.Inspection.ReadAsync(
            async (db, token) =>
                (db.Database.GetMigrations().ToList(), (await db.Database.GetAppliedMigrationsAsync(token)).ToList()),
            ct
        );
        if (applied.Except(ours).FirstOrDefault() is { } later)
            findings.Fault($"数据库是由更新版本的程序升级的（{later}）", "请换用新版程序，或从升级前的备份恢复。");
        else if (ours.Except(applied).ToList() is { Count: > 0 } missing)
            findings.Fault(
                $"数据库还没有升级到本版本（缺 {missing.Count} 项，第一项 {missing[0]}）",
                engine.File is null ? "请先备份，再运行 migrate。" : "请运行 migrate，它会先在 backups/ 留一份副本。"
            );
        else
            findings.Ok($"与本版本一致（{applied[^1]}）");
    }
}
