using ServiceEval.Web.Features.Ledger.Keys;
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

    private static void SaySignatures(VerificationResult result)
    {
        if (result.Head.Sequence == 0) return;
        var found = result.Signatures;
        if (found.Keys.Count == 0)
        {
            Console.WriteLine($"账本还没有签名：{found.UnsignedBlocks} 个区块都由没有签名的旧版本写入。");
            return;
        }
        if (found.UnsignedBlocks > 0) Console.WriteLine($"前 {found.UnsignedBlocks} 个区块由没有签名的旧版本写入，没有签名。");
        foreach (var key in found.Keys) Console.WriteLine($"账本密钥 {key.Id}（{key.Name}，指纹 {key.Fingerprint}）签名了 {key.Blocks} 个区块。");
    }
}
