namespace ServiceEval.Web.Hosting.Checks;

/// <summary>
/// Checks that the database exists, is not damaged, and is configured so that acknowledged ratings are durable.
/// </summary>
internal sealed class DatabaseCheck(DatabaseEngine engine) : Check
{
    public override string Name => "database";
    public override string Title => "数据库";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        if (engine.File is { Exists: false } missing)
        {
            findings.Fault(
                $"没有数据库文件 {missing.Path}",
                "如是新装，请运行 serve 或 migrate；如果本应有数据，请检查 ServiceEval__DataDirectory，或用 restore 从备份恢复。"
            );
            return;
        }
        try
        {
            await engine.ExamineAsync(findings, ct);
        }
        catch (Exception e) when (DatabaseChoice.WhyUnreadable(e) is { } why)
        {
            findings.Fault(why);
        }
    }
}
