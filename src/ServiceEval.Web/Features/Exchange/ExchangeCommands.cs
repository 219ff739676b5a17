using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>The command <c>import ratings</c>.</summary>
public static partial class ExchangeCommands
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(1);

    public static Command Import() => new("import", "从文件导入") { Ratings() };

    private static Command Ratings()
    {
        var path = new Argument<string>("FILE")
        {
            Description = $"CSV（UTF-8 或 GB18030）或 XLSX 文件，各列为 {string.Join(',', Columns.Names)}",
        };
        var source = new Option<string>("--source")
        {
            Description =
                "来源的名称（必填），1～40个字母、数字或连字符，不分大小写；同一来源的同一 externalId 只导入一次",
            CustomParser = ParseSource,
        };
        var profile = new Option<ExchangeProfile?>("--profile")
        {
            Description = "数字的编码规则：national（5为非常满意）或 gb39046（1为非常满意）；不写则不接受数字",
            CustomParser = ParseProfile,
        };
        var rejects = new Option<string?>("--rejects")
        {
            Description =
                "未导入清单写到哪个文件，默认为 FILE.rejects.csv，已有时为 FILE.rejects-2.csv；已有的文件不会覆盖",
        };
        var madeUp = new Option<bool>("--made-up")
        {
            Description = "这是编造的历史，大厅屏幕也显示它；只用于演示数据库",
        };
        var command = CommandLine.DatabaseCommand(
            "ratings",
            "导入旧系统的评价；可重复执行，已导入的不会重复；有未导入的行时退出码为1",
            async (services, parsed, ct) =>
            {
                var authorship = services.GetRequiredService<NodeAuthorship>();
                await using var answering = await authorship.AnswerAsync(ct);
                var past = parsed.GetValue(madeUp) ? new MadeUpPast(services.GetRequiredService<IWriteGate>()) : null;
                var file = parsed.GetRequiredValue(path);
                var rows = new RatingRows(
                    services.GetRequiredService<HallDirectory>().Current,
                    parsed.GetRequiredValue(source),
                    parsed.GetValue(profile),
                    services.GetRequiredService<TimeProvider>()
                );
                var lease = new ImportLease(
                    services.GetRequiredService<IWriteGate>(),
                    services.GetRequiredService<TimeProvider>(),
                    parsed.GetRequiredValue(source)
                );
                var store = services.GetRequiredService<IRatingStore>();
                var exitCode = await RunAsync(store, rows, lease, past, file, parsed.GetValue(rejects), ct);
                if (await authorship.IsOnlyAuthorAsync(ct))
                    await Console.Error.WriteLineAsync(OnlyAuthor(services.GetRequiredService<LedgerKeyFile>()));
                return exitCode;
            }
        );
        command.Arguments.Add(path);
        foreach (var option in (Option[])[source, profile, rejects, madeUp])
            command.Options.Add(option);
        // The option does not use Required, because the message of Required is in English only.
        command.Validators.Add(result =>
        {
            if (result.GetResult(source) is null)
                result.AddError("缺少选项 --source。");
        });
        return command;
    }

    /// <summary>
    /// Returns the message that only this key file can sign. A node with another key file waits until the operator
    /// admits it with this key file.
    /// </summary>
    private static string OnlyAuthor(LedgerKeyFile file) =>
        $"目前只有密钥文件 {file.Path} 里的密钥能给账本签名，请保管好。"
        + "服务用这个数据目录启动即可接收评价；用别的数据目录时，启动后请在这里运行一次 ledger admit 认可它。";

    private static async Task<int> RunAsync(
        IRatingStore store,
        RatingRows ratings,
        ImportLease lease,
        MadeUpPast? past,
        string path,
        string? rejectsPath,
        CancellationToken ct
    )
    {
        var counts = new ImportCounts();
        try
        {
            await using var stream = Open(path);
            using var file = ImportFile.Open(stream, ct);
            using var rejects = RejectsFile.Create(rejectsPath is null ? RejectsFile.NamesBeside(path) : [rejectsPath]);
            rejectsPath = rejects.Path;
            Task ImportAsync() => new RatingImport(store, ratings, rejects, counts, lease).RunAsync(file.Rows, ct);
            await ReportingAsync(
                counts,
                file.Lines,
                past is null ? ImportAsync : () => past.ImportAsync(ImportAsync, ct)
            );
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(
                $"已停止：{counts}；已导入的都已保存，再运行一次即可接着导入，不会重复。"
            );
            return 1;
        }
        catch (Exception e) when (e is IOException or DecoderFallbackException)
        {
            throw new OperatorException(
                $"文件 {path} 读到中途出错：{(e is IOException ? FileFaults.Reason(e) : "有字符的编码不对")}，导入到此为止：{counts}；再运行一次即可接着导入，不会重复。",
                e
            );
        }
        Console.WriteLine(
            counts.Rejected == 0 ? $"{counts}。" : $"{counts}；原因见 {rejectsPath}，在其中改正后可以直接导入它。"
        );
        return counts.Rejected == 0 ? 0 : 1;
    }

    private static FileStream Open(string path)
    {
        try
        {
            var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                bufferSize: 0,
                FileOptions.SequentialScan
            );
            // The file is read twice, so it must be seekable.
            return stream.CanSeek ? stream : throw new OperatorException($"{path} 不是普通文件，没有导入任何内容。");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OperatorException($"没有文件 {path}。", e);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OperatorException($"文件 {path} 无法读取：{FileFaults.Reason(e)}。", e);
        }
    }

    private static async Task ReportingAsync(ImportCounts counts, long lines, Func<Task> run)
    {
        // On a terminal, the progress stays on one line. In a redirected stream, each report is a line of its own.
        var end = Console.IsErrorRedirected ? "\n" : "\r";
        var start = Stopwatch.GetTimestamp();
        void Report(string lineEnd) =>
            Console.Error.Write($"{counts.Progress(lines, Stopwatch.GetElapsedTime(start))}{lineEnd}");
        using (TimeProvider.System.CreateTimer(_ => Report(end), null, BetweenReports, BetweenReports))
            await run();
        if (!Console.IsErrorRedirected)
            Report("\n");
    }

    private static string ParseSource(ArgumentResult result)
    {
        if (result.Tokens is [var token] && SourceName().IsMatch(token.Value))
            return token.Value.ToLowerInvariant();
        result.AddError("--source 应为1～40个字母、数字或连字符。");
        return "";
    }

    private static ExchangeProfile? ParseProfile(ArgumentResult result)
    {
        if (
            result.Tokens is [var token]
            && ExchangeProfile.All.FirstOrDefault(p => p.Name == token.Value) is { } profile
        )
            return profile;
        result.AddError($"--profile 应为 {string.Join(" 或 ", ExchangeProfile.All.Select(p => p.Name))}。");
        return null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,40}\z")]
    private static partial Regex SourceName();
}
