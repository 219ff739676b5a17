using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Core.Ledger;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>The command <c>verify</c>.</summary>
public static partial class LedgerCommands
{
    public static Command Verify()
    {
        var anchor = new Option<string[]>("--anchor") { Description = "在别处留存的链头，SEQ:HASH；可写多个" };
        var heads = new Option<string?>("--heads") { Description = "链头记录文件，默认为数据目录中的 heads.log" };
        var key = new Option<string[]>("--key") { Description = "确认一把不经原有密钥另立的账本密钥，指纹；可写多个" };
        var since = new Option<string?>("--since")
        {
            Description = "只核对这个链头之后的区块和其中的记录，SEQ:HASH；它之前的视为已核对，汇总和大屏不核对",
        };
        var json = new Option<bool>("--json") { Description = "以 JSON 输出" };
        var command = CommandLine.HostCommand(
            "verify",
            "用账本核对评价、区块、汇总和周报，不写入任何内容；有问题时退出码为1",
            async (services, parsed, ct) =>
            {
                var anchors = new List<Anchor>();
                foreach (var text in parsed.GetValue(anchor) ?? [])
                {
                    if (Anchor.Parse("anchor", text) is not { } read)
                        return await NoHeadAsync(text);
                    anchors.Add(read);
                }
                Anchor? from = null;
                if (parsed.GetValue(since) is { } begin && (from = Anchor.Parse("since", begin)) is null)
                    return await NoHeadAsync(begin);
                var kept = parsed.GetValue(heads) is { } given
                    ? await KeptHeads.ReadGivenAsync(given, ct)
                    : await KeptHeads.ReadOwnAsync(
                        HeadsLog.PathIn(services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.DataPath),
                        ct
                    );
                var (own, admitted) = ReadOwn(services);
                var acknowledged = (parsed.GetValue(key) ?? []).Select(k => k.ToLowerInvariant());
                var known = new KnownKeys(kept.Keys, own, [.. acknowledged]);
                var tickets = services.GetRequiredService<TicketKeyStore>();
                var evidence = new Evidence([.. anchors, .. kept.Heads, .. admitted], known, tickets);
                var result = await VerifyAsync(services.GetRequiredService<ILedgerReader>(), evidence, from, ct);
                if (from is not null)
                    await SayWhatIsLeftOutAsync(from, evidence.Heads);
                if (parsed.GetValue(json))
                    Console.WriteLine(JsonSerializer.Serialize(result, Json.Options));
                else
                    Say(result);
                return result.Ok ? 0 : 1;
            }
        );
        command.Options.Add(anchor);
        command.Options.Add(heads);
        command.Options.Add(key);
        command.Options.Add(since);
        command.Options.Add(json);
        return command;
    }

    /// <exception cref="OperatorException">The ledger cannot be verified: the database is missing or unreadable, or its
    /// structure is older or newer than the program expects.</exception>
    internal static async Task<VerificationResult> VerifyAsync(
        ILedgerReader reader,
        Evidence evidence,
        Anchor? since,
        CancellationToken ct
    )
    {
        var (receipts, noKeys) = ReadKeys(evidence.TicketKeys);
        try
        {
            var result = await new Verification(reader, evidence.Keys, receipts, since).RunAsync(
                evidence.Heads,
                new StandardError(),
                ct
            );
            if (noKeys is not null && result.Ratings > 0)
                await Console.Error.WriteLineAsync(noKeys);
            return result;
        }
        catch (LedgerUnreadableException e)
        {
            throw new OperatorException(
                e.Reason switch
                {
                    LedgerUnreadable.NotThere
                        when e.InnerException is { } fault && DatabaseChoice.SentenceOn(fault) is { } sentence =>
                        $"没有核验：{sentence}",
                    LedgerUnreadable.NotThere => DatabaseFile.NotThere(e.Message),
                    LedgerUnreadable.OlderThanProgram =>
                        $"没有核验：数据库的结构比程序旧（缺 {e.Message}），核验不改动数据库；请用当时的程序核验，或备份后先运行 migrate。",
                    LedgerUnreadable.DriverFailed =>
                        $"没有核验完：数据库驱动读不出一行（{e.Message}）。这不说明账本有误，请换用更新的程序再核验。",
                    LedgerUnreadable.NewerThanProgram =>
                        $"没有核验：数据库的结构比程序新（多 {e.Message}），请用更新的程序核验。",
                    _ =>
                        $"没有核验：数据库读不了（{e.Message}），文件可能已损坏、被改动或复制得不完整；请保留原文件，并与备份比对。",
                },
                e
            );
        }
    }

    /// <summary>
    /// Reads the ticket keys. If there are none, returns a sentence with the reason, and everything else is verified
    /// without them.
    /// </summary>
    private static (ReceiptRing? Receipts, string? Sentence) ReadKeys(TicketKeyStore store)
    {
        string why;
        try
        {
            // An empty ring would make every receipt look forged.
            if (store.Load() is { Count: > 0 } keys)
                return (new ReceiptRing(keys), null);
            why = $"没有{store.Name.TrimEnd()}";
        }
        catch (Exception e) when (e is OperatorException || TicketKeyStore.IsOutOfReach(e))
        {
            why = $"{store.Name}读不了：{(e is OperatorException ? e.Message.TrimEnd('。') : FileFaults.Reason(e))}";
        }
        return (null, $"回执没有核对（{why}），其余照常核对；凭空编造的评价要有票据密钥才能认出。");
    }

    /// <summary>The data that no entry of the ledger covers, so that nothing proves them.</summary>
    internal const string OutOfSight =
        "核验看不到账本以外的内容：大厅、窗口、部门、事项、标签的名称和归属，是否标为演示数据，疑似重复的设备标记，"
        + "周报的收件人；周报只按账本重算评价总数和各等级数，其余数字被改写，或整份删去重编，只能从邮件、打印件或别处留存的副本看出。";

    private static async Task<int> NoHeadAsync(string text)
    {
        await Console.Error.WriteLineAsync($"“{text}”不是锚点，应为 序号:64 位十六进制哈希。");
        return 2;
    }

    private static async Task SayWhatIsLeftOutAsync(Anchor from, IReadOnlyList<Anchor> anchors)
    {
        var left = anchors.Count(a => a.Sequence < from.Sequence);
        await Console.Error.WriteLineAsync(
            $"只核对区块 {from.Sequence} 之后的记录：在它之前认可的签名密钥只凭留存的指纹认定（heads.log、本机的密钥文件、--key）；之前的记录、全部汇总和大屏数字没有核对{(left > 0 ? $"，{left} 个更早的链头也没有用上" : "")}；要全部核对，请去掉 --since。"
        );
    }

    internal static void Say(VerificationResult result)
    {
        foreach (var fault in result.Faults)
            Console.WriteLine(Sentence(fault));
        if (
            result.Faults.Any(f => f.Kind == FaultKind.Tally)
            && result.Faults.Any(f => f.Kind is FaultKind.Altered or FaultKind.Removed or FaultKind.Inserted)
        )
            Console.WriteLine("汇总不符多半由前面列出的记录引起，请先查记录。");
        SaySignatures(result);
        Console.WriteLine(OutOfSight);
        Console.WriteLine(
            result.Ok
                ? $"核验通过：{result.Ratings} 条评价，账本止于区块 {result.Head.Sequence}，哈希 {result.Head.Hash}。"
                : $"发现 {result.Faults.Count + result.More} 处问题{(result.More > 0 ? $"（上面列出前 {result.Faults.Count} 处，其余 {result.More} 处未列出）" : "")}：{result.Ratings} 条评价，账本止于区块 {result.Head.Sequence}，哈希 {result.Head.Hash}。"
        );
    }

    private static string Sentence(Fault fault)
    {
        var place = fault.Block is { } block ? $"（区块 {block}{PlaceIn(fault)}）" : "";
        if (fault is { Kind: FaultKind.Altered, Id: null })
            return $"{fault.Table ?? "记录"}{place}合起来与区块的根不符：其中有记录连同叶子哈希一起被改动，不能确定是哪一条。";
        if (fault is { Kind: FaultKind.Chain, Table: LedgerKeyFile.Name })
            return $"{fault.Table} 记着密钥 {fault.Id} 在区块 {fault.Block} 得到认可，账本里却没有这个区块：数据库被换成了旧的，或被截短后重新签名；"
                + "如果是恢复了较早的备份，核对后运行 ledger accept。";
        var what = fault.Kind switch
        {
            FaultKind.Altered => "被改动",
            FaultKind.Removed => "被删除",
            FaultKind.Inserted => "是后来插入的",
            FaultKind.Tally => "与重新汇总不符",
            FaultKind.Unlawful => Laws.Broken(fault.Rule),
            _ => "与账本的哈希链不符",
        };
        return $"{fault.Table ?? "一条记录"}{(fault.Id is null ? "" : $" {fault.Id}")}{place}{what}。";
    }

    private static string PlaceIn(Fault fault) =>
        fault switch
        {
            { Index: { } from, To: { } to } => $"，第 {from} 至 {to} 条",
            { Index: { } index } => $"，第 {index} 条",
            _ => "",
        };

    private sealed class StandardError : IProgress<long>
    {
        public void Report(long value) => Console.Error.WriteLine($"已核验 {value} 条评价…");
    }
}
