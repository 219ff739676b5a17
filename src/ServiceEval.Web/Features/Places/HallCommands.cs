using System.CommandLine;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Places;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Places;

/// <summary>The commands <c>seed SET</c>, <c>seed SET --check</c> and <c>windows</c>.</summary>
public static class HallCommands
{
    public static Command Seed()
    {
        var set = new Argument<string>("SET") { Description = "seeds/ 下的一套数据，如 puyang、minimal" };
        var check = new Option<bool>("--check")
        {
            Description = "只检查，不写入任何内容；逐条列出错误，有错误时退出码为1",
        };
        var command = CommandLine.HostCommand(
            "seed",
            "导入一套大厅、窗口、事项和标签；可重复执行，不含评价",
            async (services, parsed, ct) =>
            {
                if (parsed.GetValue(check))
                    return Check(parsed.GetRequiredValue(set), ct);
                // The set is loaded before the database is created. A set with mistakes creates no database.
                var sets = SeedSet.Load(parsed.GetRequiredValue(set), ct);
                await CommandLine.PrepareAsync(services, ct);
                await services.GetRequiredService<Seeding>().SeedAsync(sets, ct);
                (int Count, string What)[] brought =
                [
                    (sets.Sum(s => s.Halls.Count()), "大厅"),
                    (sets.Sum(s => s.Windows.Count()), "窗口"),
                    (sets.Sum(s => s.Departments.Count()), "部门"),
                    (sets.Sum(s => s.Items.Count()), "事项"),
                    (sets.SelectMany(s => s.Tags).DistinctBy(t => t.Code).Count(), "标签"),
                ];
                await Console.Error.WriteLineAsync(
                    $"{sets[^1].Set.Title}：{string.Join('，', brought.Where(b => b.Count > 0).Select(b => $"{b.Count} 个{b.What}"))}。"
                );
                return 0;
            }
        );
        command.Arguments.Add(set);
        command.Options.Add(check);
        return command;
    }

    private static int Check(string set, CancellationToken ct)
    {
        var (sets, mistakes) = SeedSet.Check(set, ct);
        foreach (var mistake in mistakes)
            Console.WriteLine($"{mistake}。");
        Console.WriteLine(
            mistakes.Count == 0 ? $"{sets[^1].Set.Title}：没有发现错误。" : $"共 {mistakes.Count} 处错误。"
        );
        return mistakes.Count == 0 ? 0 : 1;
    }

    public static Command Windows()
    {
        var hall = new Option<string?>("--hall") { Description = "只列这个大厅的窗口" };
        var json = new Option<bool>("--json") { Description = "以 JSON 输出" };
        var command = CommandLine.DatabaseCommand(
            "windows",
            "列出窗口及其二维码网址",
            (services, parsed, _) =>
            {
                var directory = services.GetRequiredService<HallDirectory>().Current;
                if (parsed.GetValue(hall) is { } code && directory.Hall(code) is null)
                    throw new OperatorException($"没有编码为“{code}”的大厅。");
                var address = services.GetRequiredService<PublicAddress>();
                var rows = directory
                    .Halls.Where(h => parsed.GetValue(hall) is not { } only || h.Code == only)
                    .SelectMany(h => h.Windows)
                    .Select(w => new WindowRow(
                        w.Hall.Code,
                        w.Number,
                        w.Name,
                        w.Window.Kind,
                        w.Window.Code,
                        w.Window.Status,
                        address.OfWindow(w.Window.Code)
                    ));
                if (parsed.GetValue(json))
                    Console.WriteLine(JsonSerializer.Serialize(rows, Json.Options));
                else if (!rows.Any())
                    Console.Error.WriteLine("还没有窗口，请先导入（serviceeval seed SET）。");
                else
                    foreach (var row in rows)
                        Console.WriteLine(
                            $"{row.Hall}\t{row.Number}\t{row.Name}\t{row.Url}{(row.Status == WindowStatus.Retired ? "\t已停用" : "")}"
                        );
                return Task.FromResult(0);
            },
            makesDatabase: false
        );
        command.Options.Add(hall);
        command.Options.Add(json);
        command.Subcommands.Add(
            Change(
                "revoke",
                "给窗口换新码，输出新网址；扫旧码的人会看到旧码已停用",
                Revoke,
                (services, code) =>
                {
                    var page = services.GetRequiredService<PublicAddress>().OfWindow(code);
                    Console.WriteLine(page);
                    Console.Error.WriteLine($"旧码已停用，请重新打印评价码并换下窗口上的旧码：{page}/sheet");
                }
            )
        );
        command.Subcommands.Add(
            Change(
                "retire",
                "停用窗口；此前已打开的评价页仍可提交",
                (_, window, _) =>
                {
                    window.Status = WindowStatus.Retired;
                    return window.Code;
                },
                (_, code) => Console.WriteLine(code)
            )
        );
        return command;
    }

    private static Command Change(
        string name,
        string description,
        Func<ServiceEvalDb, Window, TimeProvider, string> change,
        Action<IServiceProvider, string> say
    )
    {
        var code = new Argument<string>("CODE") { Description = "窗口现在的码" };
        var command = CommandLine.DatabaseCommand(
            name,
            description,
            async (services, parsed, ct) =>
            {
                say(
                    services,
                    await ChangeAsync(
                        services.GetRequiredService<IWriteGate>(),
                        parsed.GetRequiredValue(code),
                        (db, window) => change(db, window, services.GetRequiredService<TimeProvider>()),
                        ct
                    )
                );
                return 0;
            },
            makesDatabase: false
        );
        command.Arguments.Add(code);
        return command;
    }

    internal static Task<string> ChangeAsync(
        IWriteGate gate,
        string code,
        Func<ServiceEvalDb, Window, string> change,
        CancellationToken ct
    ) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                var window =
                    await db.Windows.SingleOrDefaultAsync(w => w.Code == code, token)
                    ?? throw new OperatorException($"没有编码为“{code}”的窗口。");
                var answer = change(db, window);
                (await db.Installation.SingleAsync(token)).DirectoryVersion++;
                await db.SaveChangesAsync(token);
                return answer;
            },
            ct
        );

    internal static string Revoke(ServiceEvalDb db, Window window, TimeProvider time)
    {
        db.Add(
            new RevokedCode
            {
                Code = window.Code,
                WindowId = window.Id,
                RevokedAt = time.GetUtcNow(),
            }
        );
        window.Code = WindowCode.Draw();
        return window.Code;
    }

    private sealed record WindowRow(
        string Hall,
        string Number,
        string Name,
        WindowKind Kind,
        string Code,
        WindowStatus Status,
        string Url
    );
}
