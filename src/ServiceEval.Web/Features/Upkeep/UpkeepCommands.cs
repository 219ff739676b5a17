using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Upkeep;

/// <summary>The commands <c>backup FILE</c>, <c>restore FILE</c> and <c>doctor</c>.</summary>
public static class UpkeepCommands
{
    public static Command Backup()
    {
        var file = new Argument<string>("FILE") { Description = "备份写到这个文件；它不能已经存在" };
        var command = CommandLine.HostCommand(
            "backup",
            "把数据库、密钥和链头记录备份成一个文件，服务照常运行（SQLite）",
            async (services, parsed, ct) =>
            {
                if (services.GetRequiredService<DatabaseEngine>().BackupCommands is { } commands)
                    throw new OperatorException(
                        $"没有备份：服务器上的数据库要用它自己的工具。{commands}。票据密钥在数据库里；各节点数据目录里的 heads.log 和 keys/（账本密钥）也请一并复制。"
                    );
                var path = Path.GetFullPath(parsed.GetRequiredValue(file));
                var made = await services.GetRequiredService<BackupWriter>().WriteAsync(path, new StandardError(), ct);
                Console.WriteLine(
                    $"备份完成：{path}，{new FileInfo(path).Length} 字节，{made.Ratings} 条评价，账本止于区块 {made.Ledger.Sequence}，哈希 {made.Ledger.Hash}。"
                );
                return 0;
            }
        );
        command.Arguments.Add(file);
        return command;
    }

    public static Command Restore()
    {
        var file = new Argument<string>("FILE") { Description = "backup 写成的文件" };
        var command = CommandLine.HostCommand(
            "restore",
            "把备份恢复到空的数据目录，并核验账本（SQLite）",
            async (services, parsed, ct) =>
            {
                var path = Path.GetFullPath(parsed.GetRequiredValue(file));
                var result = await services
                    .GetRequiredService<BackupRestorer>()
                    .RunAsync(path, new StandardError(), ct);
                LedgerCommands.Say(result);
                var data = services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.DataPath;
                await Console.Error.WriteLineAsync(
                    result.Ok
                        ? $"已恢复到 {data}。"
                        : $"已按备份原样恢复到 {data}，但账本有上面的问题：备份之前就是这样；请与更早的备份比对。"
                );
                if (
                    services.GetRequiredService<LedgerKeyFile>() is { IsMissing: true } key
                    && LedgerKeyFile.In(data) is var restored
                    && File.Exists(restored)
                )
                    await Console.Error.WriteLineAsync(
                        $"账本密钥恢复到了 {restored}，请把它移到 ServiceEval__Ledger__KeyFile 所指的 {key.Path}。"
                    );
                return result.Ok ? 0 : 1;
            }
        );
        command.Arguments.Add(file);
        return command;
    }

    public static Command Doctor()
    {
        var json = new Option<bool>("--json") { Description = "以 JSON 输出" };
        var command = CommandLine.HostCommand(
            "doctor",
            "检查时钟、存储、数据库、账本、备份等，并说明该怎么办；不写入任何内容，有故障时退出码为1",
            async (services, parsed, ct) =>
            {
                var diagnosis = await services.GetRequiredService<Doctor>().ExamineAsync(ct);
                if (parsed.GetValue(json))
                    Console.WriteLine(JsonSerializer.Serialize(diagnosis, Json.Options));
                else
                    foreach (var check in diagnosis.Checks)
                        Console.WriteLine(check.Line);
                return diagnosis.Ok ? 0 : 1;
            }
        );
        command.Options.Add(json);
        return command;
    }

    private sealed class StandardError : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
