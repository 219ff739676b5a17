using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using System.Text;
using ServiceEval.Core;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Files;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Places;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Reports;

/// <summary>The command <c>report weekly</c>.</summary>
public static class ReportCommands
{
    public static Command Report() => new("report", "编制报告") { Weekly() };

    private static Command Weekly()
    {
        var week = new Option<IsoWeek>("--week")
        {
            Description = "ISO 8601 周次，如 2026-W47（必填）",
            CustomParser = ParseWeek,
        };
        var region = new Option<string?>("--region") { Description = "只编这个区划，写12位代码；不写则为最上级的区划" };
        var hall = new Option<string?>("--hall") { Description = "只编这个大厅" };
        var output = new Option<string>("--out") { Description = "写入的目录，没有则新建（必填）" };
        var command = CommandLine.DatabaseCommand(
            "weekly",
            "编制一周的报告，写成 DIR/ID.json、.html、.xlsx，有浏览器时还有 .pdf；未结束的周为临时报告",
            async (services, parsed, ct) =>
            {
                var directory = services.GetRequiredService<HallDirectory>().Current;
                var asked = parsed.GetRequiredValue(week);
                var scope = ScopeOf(directory, parsed.GetValue(region), parsed.GetValue(hall)).In(asked, directory);
                if (scope.Halls.Count == 0)
                    throw new OperatorException($"{scope.Code} 这个区划在 {asked} 没有大厅，没有编制报告。");
                if (asked.Monday > scope.Running(services.GetRequiredService<TimeProvider>().GetUtcNow()).Monday)
                    throw new OperatorException(
                        $"{asked} 这一周还没有开始（{ReportText.Date(asked.Monday)}开始），没有编制报告。"
                    )
                    {
                        IsUsage = true,
                    };
                var json = await CompileAsync(services, scope, asked, ct);
                await foreach (var file in RenderAsync(services.GetRequiredService<ReportFiles>(), json, ct))
                    Console.WriteLine(await WriteAsync(parsed.GetRequiredValue(output), file, ct));
                return 0;
            },
            makesDatabase: false
        );
        foreach (var option in (Option[])[week, region, hall, output])
            command.Options.Add(option);
        // Option.Required is not used because its message is in English only.
        command.Validators.Add(result =>
        {
            foreach (var option in (Option[])[week, output])
            {
                if (result.GetResult(option) is null)
                    result.AddError($"缺少选项 {option.Name}。");
            }
            if (result.GetResult(region) is not null && result.GetResult(hall) is not null)
                result.AddError("--region 和 --hall 只能写一个。");
        });
        return command;
    }

    private static async Task<string> CompileAsync(
        IServiceProvider services,
        ReportScope scope,
        IsoWeek week,
        CancellationToken ct
    )
    {
        var shelf = services.GetRequiredService<ReportShelf>();
        // A week before the first rating is as open as the running week, because the first import may still fill it. A
        // report that was stored for it would never be removed.
        var hasBegun = await shelf.FirstDateAsync(ct) is { } first && first <= week.Sunday;
        // A week after the end of the ledger is not over either, even if the clock says so.
        var isProven =
            await services.GetRequiredService<ProvenTime>().NowAsync(ct) is { } reached && scope.Reaches(week, reached);
        if (hasBegun && isProven && services.GetRequiredService<TimeProvider>().GetUtcNow() >= scope.CompleteFrom(week))
        {
            return (await shelf.EnsureAsync(scope, week, ct)).Json;
        }
        return (await shelf.CompileProvisionalAsync(scope, week, ct)).Freeze().Json;
    }

    private static ReportScope ScopeOf(DirectorySnapshot directory, string? region, string? hall)
    {
        if (directory.Halls.Count == 0)
            throw new OperatorException("数据库里还没有大厅，请先用 seed 导入。");
        if (hall is not null and not Region.RootAlias)
            return directory.Hall(hall) is { } entry
                ? ReportScope.Of(entry)
                : throw new OperatorException($"没有编码为“{hall}”的大厅。");
        return directory.Regions.Find(region ?? Region.RootAlias) is { } found
            ? ReportScope.Of(found, directory, DateOnly.MaxValue)
            : throw new OperatorException($"没有代码为“{region}”的区划。");
    }

    private static async IAsyncEnumerable<ReportFile> RenderAsync(
        ReportFiles files,
        string json,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var report = WeeklyReport.Parse(json);
        yield return new ReportFile(
            $"{report.Id}.json",
            "application/json; charset=utf-8",
            Encoding.UTF8.GetBytes(json)
        );
        yield return await files.HtmlAsync(report);
        yield return await files.XlsxAsync(report, ct);
        var (pdf, whyNot) = await files.PrintAsync(report, ct);
        if (pdf is not null)
            yield return pdf;
        else
            await Console.Error.WriteLineAsync(whyNot);
    }

    private static async Task<string> WriteAsync(string directory, ReportFile file, CancellationToken ct)
    {
        try
        {
            var path = Path.Combine(Directory.CreateDirectory(directory).FullName, file.Name);
            using var whole = new AtomicFile(path);
            await File.WriteAllBytesAsync(whole.Unfinished, file.Content, ct);
            whole.Commit(overwrite: true);
            return path;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OperatorException($"报告写不进“{directory}”：{FileFaults.Reason(e)}，请用 --out 另指一处。", e);
        }
    }

    private static IsoWeek ParseWeek(ArgumentResult result)
    {
        if (!IsoWeek.TryParse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "", out var week, out var complaint))
            result.AddError(complaint);
        return week;
    }
}
