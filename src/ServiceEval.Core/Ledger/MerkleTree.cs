using System.Numerics;
using System.Security.Cryptography;

namespace ServiceEval.Core.Ledger;

/// <summary>The Merkle tree of RFC 9162, section 2.1. Its leaves are hashes already.</summary>
public static class MerkleTree
{
    private const byte NodePrefix = 0x01;

    /// <summary>Returns the tree head, 32 bytes.</summary>
    /// <exception cref="ArgumentException">There are no leaves. An empty block does not exist.</exception>
    public static byte[] Root(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count == 0)
            throw new ArgumentException("A block must have at least one entry.", nameof(leaves));

        // The stack holds complete subtrees, one for each bit that is set in the number of leaves so far. Adding a leaf
        // merges as many subtrees as a binary counter carries bits. At the end the remaining subtrees are merged from
        // the right, because the RFC splits the leaves in this way.
        var subtrees = new Stack<byte[]>();
        for (var i = 0; i < leaves.Count; i++)
        {
            var hash = leaves[i];
            for (var merges = BitOperations.TrailingZeroCount(i + 1); merges > 0; merges--)
                hash = Node(subtrees.Pop(), hash);
            subtrees.Push(hash);
        }

        var root = subtrees.Pop();
        while (subtrees.TryPop(out var left))
            root = Node(left, root);
        return root;
    }

    private static byte[] Node(byte[] left, byte[] right)
    {
        Span<byte> input = stackalloc byte[65];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[33..]);
        return SHA256.HashData(input);
    }
}
