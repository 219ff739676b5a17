using ServiceEval.Core;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>The output of <c>verify</c> about keys, and the data that it needs to judge them.</summary>
public static partial class LedgerCommands
{
    /// <summary>
    /// Reads this machine's key file. On a database file, only this machine's keys can sign the ledger. A node on a
    /// server may still wait for its key's entry, so there the file only tells where keys were admitted.
    /// </summary>
    private static (IReadOnlyList<string> Own, IEnumerable<Anchor> Admitted) ReadOwn(IServiceProvider services)
    {
        var file = services.GetRequiredService<LedgerKeyFile>();
        try
        {
            var isServer = services.GetRequiredService<DatabaseEngine>().IsServer;
            return (isServer ? [] : [.. file.Load().Select(k => k.Fingerprint)], AdmittedIn(file));
        }
        catch (OperatorException e)
        {
            // A person who may read the database does not always have the right to read its keys.
            Console.Error.WriteLine($"没有与本机的账本密钥核对：{e.Message}");
            return ([], []);
        }
    }

    /// <summary>Returns the blocks that the ledger must have, because they admitted keys of this file.</summary>
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
