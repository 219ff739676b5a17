using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>What <c>verify</c> says of keys, and what it takes to judge them.</summary>
public static partial class LedgerVerbs
{
    /// <summary>
    /// On a database file the ledger is signed by this machine's keys or by nobody. A node on a server may still wait
    /// for its key's entry, so there the file says only where keys were admitted.
    /// </summary>
    private static (IReadOnlyList<string> Own, IEnumerable<Anchor> Admitted) ReadOwn(IServiceProvider services)
    {
        var file = services.GetRequiredService<LedgerKeyFile>();
        try
        {
            var isServer = services.GetRequiredService<DatabaseEngine>().IsServer;
            return (isServer ? [] : [.. file.Load().Select(k => k.Fingerprint)], AdmittedIn(file));
        }
        catch (StartException e)
        {
            // Somebody who may read the database need not be one who may read its keys.
            Console.Error.WriteLine($"没有与本机的账本密钥核对：{e.Message}");
            return ([], []);
        }
    }

    /// <summary>The blocks that the ledger must have, because they admitted keys of this file.</summary>
    internal static IReadOnlyList<Anchor> AdmittedIn(LedgerKeyFile file) =>
        [
            .. file.Admissions()
                .Select(a => new Anchor(LedgerKeyFile.Name, a.Block.Sequence, a.Block.Hash, a.Fingerprint)),
        ];

    private static void SaySignatures(VerificationResult result)
    {
        if (result.Head.Sequence == 0)
            return;
        var found = result.Signatures;
        if (found.Keys.Count == 0)
        {
            Console.WriteLine($"账本还没有签名：{found.UnsignedBlocks} 个区块都由没有签名的旧版本写入。");
            return;
        }
        if (found.UnsignedBlocks > 0)
            Console.WriteLine($"前 {found.UnsignedBlocks} 个区块由没有签名的旧版本写入，没有签名。");
        foreach (var key in found.Keys)
            Console.WriteLine($"账本密钥 {key.Id}（{key.Name}，指纹 {key.Fingerprint}）签名了 {key.Blocks} 个区块。");
    }
}
