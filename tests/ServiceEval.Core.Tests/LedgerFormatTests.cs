using System.Security.Cryptography;
using System.Text.Json;
using ServiceEval.Core.Ledger;

namespace ServiceEval.Core.Tests;

/// <summary>
/// The known answers of test-vectors.json, which were computed without this code. A ledger written today must verify
/// with every later version.
/// </summary>
public sealed class LedgerFormatTests
{
    private static readonly JsonElement Vectors = JsonElement.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "test-vectors.json"))
    );

    public static TheoryData<string> Leaves => Names("leaves");
    public static TheoryData<string> Blocks => Names("blocks");
    public static TheoryData<string> Signatures => Names("signatures");
    public static TheoryData<int> Roots => [.. Of("roots").Select(r => r.GetProperty("leaves").GetArrayLength())];

    [Theory, MemberData(nameof(Leaves))]
    public void An_entry_has_the_leaf_it_always_had(string name)
    {
        var vector = Named("leaves", name);
        Assert.Equal(vector.Text("leaf"), Hex(VectorRows.Leaf(vector.Text("table"), vector.GetProperty("row"))));
        Assert.Equal(vector.Text("leaf"), Hex(SHA256.HashData(vector.Bytes("bytes"))));
    }

    [Fact]
    public void A_commitment_is_what_it_always_was() =>
        Assert.All(
            Of("commitments"),
            c => Assert.Equal(c.Text("commitment"), Hex(LeafEncoding.Commit(c.Bytes("salt"), c.Text("text"))))
        );

    [Theory, MemberData(nameof(Roots))]
    public void A_root_over_so_many_leaves_is_what_it_always_was(int count)
    {
        var vector = Of("roots").Single(r => r.GetProperty("leaves").GetArrayLength() == count);
        byte[][] leaves =
        [
            .. vector.GetProperty("leaves").EnumerateArray().Select(l => Convert.FromHexString(l.GetString()!)),
        ];
        if (vector.GetProperty("root").ValueKind == JsonValueKind.Null)
            Assert.Throws<ArgumentException>(() => MerkleTree.Root(leaves));
        else
            Assert.Equal(vector.Text("root"), Hex(MerkleTree.Root(leaves)));
    }

    [Theory, MemberData(nameof(Blocks))]
    public void A_block_has_the_hash_it_always_had(string name)
    {
        var vector = Named("blocks", name);
        var block = VectorRows.Block(vector.GetProperty("block"));
        Assert.Equal(Hex(block.Hash), Hex(HashOf(block, vector.Bytes("previous"))));
    }

    [Theory, MemberData(nameof(Signatures))]
    public void A_signature_is_over_what_it_always_was(string name)
    {
        var vector = Named("signatures", name);
        var key = LedgerKey.Of(1, vector.Bytes("publicKey"), "", 0, default);
        var block = new LedgerBlock
        {
            Root = [],
            Hash = vector.Bytes("hash"),
            Signature = vector.Bytes("signature"),
        };
        Assert.Equal(vector.Text("fingerprint"), key.Fingerprint);
        Assert.Equal(vector.Text("digest"), Hex(LeafEncoding.SignedHash(block.Hash)));
        Assert.Equal(vector.GetProperty("valid").GetBoolean(), key.HasSigned(block));
    }

    [Fact]
    public void Three_blocks_with_two_keys_form_the_chain_they_always_formed()
    {
        var ledger = Vectors.GetProperty("ledger");
        var (head, leaves, keys) = (new LedgerHead(), new List<byte[]>(), new List<LedgerKey>());
        foreach (var row in ledger.GetProperty("rows").EnumerateArray())
        {
            switch (row.Text("table"))
            {
                case "LedgerBlocks":
                    var block = VectorRows.Block(row);
                    var signer = keys.Find(k => k.Id == block.KeyId);
                    Assert.Equal((LeafEncoding.Sha256, leaves.Count), (block.Algorithm, block.Count));
                    Assert.Equal(Hex(block.Root), Hex(MerkleTree.Root(leaves)));
                    Assert.Equal(Hex(block.Hash), Hex(HashOf(block, head.Hash)));
                    Assert.True(signer?.HasSigned(block));
                    head = new LedgerHead { Sequence = block.Sequence, Hash = block.Hash };
                    leaves.Clear();
                    break;
                case "LedgerHead":
                    Assert.Equal($"{head.Sequence}:{Hex(head.Hash)}", ledger.Text("head"));
                    break;
                case var table:
                    leaves.Add(VectorRows.Leaf(table, row));
                    Assert.Equal(row.Text("Leaf"), Hex(leaves[^1]));
                    if (table == "LedgerKeys")
                        keys.Add(VectorRows.Key(row));
                    break;
            }
        }
        Assert.Equal((3L, 2), (head.Sequence, keys.Count));
    }

    private static byte[] HashOf(LedgerBlock block, byte[] previous) =>
        LeafEncoding.BlockHash(block.Sequence, previous, block.Root, block.Count, block.CommittedAt);

    private static IEnumerable<JsonElement> Of(string kind) => Vectors.GetProperty(kind).EnumerateArray();

    private static TheoryData<string> Names(string kind) => [.. Of(kind).Select(v => v.Text("name"))];

    private static JsonElement Named(string kind, string name) => Of(kind).Single(v => v.Text("name") == name);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
