using System.CommandLine;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary><c>verify</c>.</summary>
public static class LedgerVerbs
{
    public static Command Verify()
    {
        var anchor = new Option<string[]>("--anchor") { Description = "A head kept elsewhere, SEQ:HASH; repeatable" };
        var heads = new Option<string?>("--heads") { Description = "A log of heads; by default heads.log in the data directory" };
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = CommandLine.Verb("verify", "Prove ratings, blocks and tallies against the ledger; exit 1 if there are faults", async (services, parsed, ct) =>
        {
            var anchors = new List<Anchor>();
            foreach (var text in parsed.GetValue(anchor) ?? [])
            {
                if (Anchor.Parse("anchor", text) is not { } read)
                {
                    await Console.Error.WriteLineAsync($"“{text}”不是锚点，应为 序号:64 位十六进制哈希。");
                    return 2;
                }
                anchors.Add(read);
            }
            anchors.AddRange(await ReadLogAsync(services, parsed.GetValue(heads), ct));
            anchors.AddRange(await ReadReportsAsync(services, ct));

            var progress = new StandardError();
            var result = await VerifyAsync(services.GetRequiredService<ILedgerReader>(), anchors, progress, ct);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(result, Json.Options));
            else Say(result);
            return result.Ok ? 0 : 1;
        });
        command.Options.Add(anchor);
        command.Options.Add(heads);
        command.Options.Add(json);
        return command;
    }

    private static async Task<VerificationResult> VerifyAsync(ILedgerReader reader, List<Anchor> anchors, StandardError progress, CancellationToken ct)
    {
        try
        {
            return await new Verification(reader).RunAsync(anchors, progress, ct);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidCastException)
        {
            throw new StartException($"核验没有完成：数据库里有程序不会写入的值（{e.Message}），说明数据被改动过。请保留原文件，并与备份比对。", e);
        }
    }

    private static async Task<List<Anchor>> ReadLogAsync(IServiceProvider services, string? given, CancellationToken ct)
    {
        var path = given ?? HeadsLog.PathIn(services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.DataPath);
        if (!File.Exists(path)) return given is null ? [] : throw new StartException($"没有文件 {path}。");
        var anchors = new List<Anchor>();
        foreach (var line in await File.ReadAllLinesAsync(path, ct))
        {
            // The last line may be cut short by a power failure; it then says nothing.
            if (Anchor.Parse("heads.log", line[(line.LastIndexOf(' ') + 1)..]) is { } read) anchors.Add(read);
        }
        return anchors;
    }

    private static async Task<List<Anchor>> ReadReportsAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<ServiceEvalDb>>().CreateDbContextAsync(ct);
        return await db.Reports.Select(r => new Anchor("Reports", r.LedgerSequence, r.LedgerHash)).ToListAsync(ct);
    }

    private static void Say(VerificationResult result)
    {
        foreach (var fault in result.Faults)
        {
            var what = fault.Kind switch
            {
                FaultKind.Altered => "被改动",
                FaultKind.Removed => "被删除",
                FaultKind.Inserted => "是后来插入的",
                FaultKind.Tally => "与重新汇总不符",
                _ => "与账本的哈希链不符",
            };
            var place = fault.Block is { } block ? $"（区块 {block}{(fault.Index is { } index ? $"，第 {index} 条" : "")}）" : "";
            Console.WriteLine($"{fault.Table ?? "一条记录"} {fault.Id}{place}{what}。");
        }
        Console.WriteLine(result.Ok
            ? $"核验通过：{result.Ratings} 条评价，账本止于区块 {result.Head.Sequence}，哈希 {result.Head.Hash}。"
            : $"发现 {result.Faults.Count} 处问题：{result.Ratings} 条评价，账本止于区块 {result.Head.Sequence}，哈希 {result.Head.Hash}。");
    }

    private sealed class StandardError : IProgress<long>
    {
        public void Report(long value) => Console.Error.WriteLine($"已核验 {value} 条评价…");
    }
}
