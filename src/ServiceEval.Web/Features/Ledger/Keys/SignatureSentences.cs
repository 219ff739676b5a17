using ServiceEval.Data.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>What <c>verify</c> says of keys, and what it takes to judge them.</summary>
public static partial class LedgerVerbs
{
    /// <summary>
    /// On a database file the ledger is signed by this machine's keys or by nobody. A node on a server may still wait for its
    /// key's entry, so its file says nothing.
    /// </summary>
    private static IReadOnlyList<string> OwnKeys(IServiceProvider services)
    {
        if (services.GetRequiredService<DatabaseEngine>().IsServer) return [];
        try
        {
            return [.. services.GetRequiredService<LedgerKeyFile>().Load().Select(k => k.Fingerprint)];
        }
        catch (StartException e)
        {
            // Somebody who may read the database need not be one who may read its keys.
            Console.Error.WriteLine($"没有与本机的账本密钥核对：{e.Message}");
            return [];
        }
    }

    /// <summary>Empty where they are missing: a database may be proven far from its keys.</summary>
    private static IReadOnlyList<TicketKey> TicketKeysOf(TicketKeyStore store)
    {
        try
        {
            if (store.Load() is { Count: > 0 } keys) return keys;
            Console.Error.WriteLine($"{store.Name}不在这里，没有核对回执。");
        }
        catch (Exception e) when (e is StartException || TicketKeyStore.IsOutOfReach(e))
        {
            Console.Error.WriteLine($"没有核对回执：{(e is StartException ? e.Message : FileFaults.Reason(e))}");
        }
        return [];
    }

    private static void SaySignatures(VerificationResult result)
    {
        if (result.Signatures is not { } found || result.Head.Sequence == 0) return;
        if (found.Keys.Count == 0)
        {
            Console.WriteLine($"账本还没有签名：{found.UnsignedBlocks} 个区块都由没有签名的旧版本写入。");
            return;
        }
        if (found.UnsignedBlocks > 0) Console.WriteLine($"前 {found.UnsignedBlocks} 个区块由没有签名的旧版本写入，没有签名。");
        foreach (var key in found.Keys) Console.WriteLine($"账本密钥 {key.Id}（{key.Name}，指纹 {key.Fingerprint}）签名了 {key.Blocks} 个区块。");
    }

    private static string UnlawfulSentence(Fault fault) => fault.Table switch
    {
        "LedgerBlocks" => "LedgerBlocks 没有账本密钥的有效签名，不是本系统的节点写入的",
        Doubt.Keys => $"LedgerKeys {fault.Id} 不是由当时有效的账本密钥认可的；如果是本单位用 ledger renew 另立的，核对指纹后用 --key 指纹 确认",
        ReceiptProbe.Table => "票据密钥不是给出这些回执的密钥，市民手里的回执都查不到评价；请换回原来的密钥",
        LedgerKeyFile.Name => $"本机的账本密钥（指纹 {fault.Id}）不在账本里：账本被别的密钥重新签名，或密钥文件不是这个数据库的",
        _ when fault is { Block: null, Id.Length: 64 } => $"{fault.Table} 留存的账本密钥（指纹 {fault.Id}）不在账本里：账本被别的密钥重新签名",
        _ => $"{fault.Table}{(fault.Id is null ? "" : $" {fault.Id}")} 不合规则",
    };
}
