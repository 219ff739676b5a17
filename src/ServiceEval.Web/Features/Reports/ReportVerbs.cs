using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using ServiceEval.Data.Halls;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports;

/// <summary><c>report weekly</c>.</summary>
public static class ReportVerbs
{
    public static Command Report() => new("report", "编制报告") { Weekly() };

    private static Command Weekly()
    {
        var week = new Option<IsoWeek>("--week") { Description = "ISO 8601 周次，如 2026-W47（必填）", CustomParser = ParseWeek };
        var hall = new Option<string?>("--hall") { Description = "只编这个大厅；不写则为全县" };
        var output = new Option<string>("--out") { Description = "写入的目录，没有则新建（必填）" };
        var command = CommandLine.Verb("weekly", "编制一周的报告，写成 DIR/ID.json 和 DIR/ID.html；未结束的周为临时报告", async (services, parsed, ct) =>
        {
            var scope = ScopeOf(services.GetRequiredService<HallDirectory>().Current, parsed.GetValue(hall));
            var (id, json) = await CompileAsync(services, scope, parsed.GetRequiredValue(week), ct);
            var html = await services.GetRequiredService<ReportPages>().RenderAsync(WeeklyReport.Parse(json));
            foreach (var path in await WriteAsync(parsed.GetRequiredValue(output), [($"{id}.json", json), ($"{id}.html", html)], ct)) Console.WriteLine(path);
            return 0;
        });
        foreach (var option in (Option[])[week, hall, output]) command.Options.Add(option);
        // Not by Required, which speaks English only.
        command.Validators.Add(result =>
        {
            foreach (var option in (Option[])[week, output])
            {
                if (result.GetResult(option) is null) result.AddError($"缺少选项 {option.Name}。");
            }
        });
        return command;
    }

    private static async Task<(string Id, string Json)> CompileAsync(IServiceProvider services, ReportScope scope, IsoWeek week, CancellationToken ct)
    {
        var shelf = services.GetRequiredService<ReportShelf>();
        // A week before the first rating is as open as one that runs: the first import may still fill it. What was stored
        // for it would stay for ever.
        var hasBegun = await shelf.FirstDateAsync(ct) is { } first && first <= week.Sunday;
        if (hasBegun && services.GetRequiredService<TimeProvider>().GetUtcNow() >= scope.CompleteFrom(week))
        {
            var report = await shelf.EnsureAsync(scope, week, ct);
            return (report.Id, report.Json);
        }
        var provisional = await shelf.CompileProvisionalAsync(scope, week, ct);
        return (provisional.Id, provisional.Freeze().Json);
    }

    private static ReportScope ScopeOf(DirectorySnapshot directory, string? hall)
    {
        if (directory.Halls.Count == 0) throw new StartException("数据库里还没有大厅，请先用 seed 导入。");
        if (hall is null or Hall.CountyScope) return ReportScope.County(directory);
        return directory.Hall(hall) is { } entry ? ReportScope.Of(entry) : throw new StartException($"没有编码为“{hall}”的大厅。");
    }

    private static async Task<List<string>> WriteAsync(string directory, (string Name, string Text)[] files, CancellationToken ct)
    {
        var written = new List<string>();
        try
        {
            foreach (var (name, text) in files)
            {
                var path = Path.Combine(Directory.CreateDirectory(directory).FullName, name);
                await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(text), ct);
                written.Add(path);
            }
            return written;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StartException($"报告写不进“{directory}”：{e.Message}", e);
        }
    }

    private static IsoWeek ParseWeek(ArgumentResult result)
    {
        if (!IsoWeek.TryParse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "", out var week, out var complaint)) result.AddError(complaint);
        return week;
    }
}
