using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Tests;

/// <summary>
/// Known answers, computed without this code. A ledger written today must verify with every later version.
/// </summary>
public sealed class LedgerFormatTests
{
    private static readonly Guid Id = new("019a0000-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset At = new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);

    private static readonly Rating Given = Rating.Restore(
        Id,
        windowId: 7,
        departmentId: 3,
        Tier.Printed,
        Channel.Qr,
        Standing.Counted,
        Grade.Dissatisfied,
        At,
        new DateOnly(2026, 11, 20),
        localHour: 10,
        At,
        Bytes(32),
        leaf: null
    );

    private static readonly Correction Corrected = Correction.Of(Given, Grade.Satisfied, At.AddMinutes(1));

    private static readonly RatingDetail Detail = new()
    {
        RatingId = Id,
        Grade = Grade.Dissatisfied,
        ItemId = 5,
        DepartmentId = 3,
        Tags = "207,209",
        CommentCommitment = LeafEncoding.Commit(Bytes(16), "等了两小时"),
        GivenAt = At,
    };

    [Fact]
    public void A_rating_has_the_leaf_it_always_had() =>
        AssertHash("fad69fd8b83be566037a45650f2914bee3ab2ab9ba4af9238e10a6a187b6320e", Given.Leaf);

    [Fact]
    public void A_correction_has_the_leaf_it_always_had() =>
        AssertHash("e202541785a3631687b17ce3dfd3056264528574e3518b3fa6584cf37caa482c", Corrected.Leaf);

    [Fact]
    public void A_detail_has_the_leaf_it_always_had() =>
        AssertHash("3f44dec96a31efe8ae2bfe6a09935a0e87335eb7a972443b8bca4f7d41c88bc1", LeafEncoding.Of(Detail));

    [Fact]
    public void A_block_has_the_hash_it_always_had() =>
        AssertHash(
            "4c47ebd08f51ddc3150089627e1eb087c5856e9001b81c4581fd736871d0cea4",
            LedgerBlock.Seal(new LedgerHead(), [Given.Leaf, Corrected.Leaf, LeafEncoding.Of(Detail)], At).Hash
        );

    [Fact]
    public void A_key_has_the_leaf_it_always_had() =>
        AssertHash(
            "1768a5c5ee379f475adec94f8e3caee209a23d18c626bc3c33653eca8bb101fd",
            LedgerKey.Of(2, Bytes(LedgerKey.PublicKeyLength), "窗口一", replaces: 1, At).Leaf
        );

    [Fact]
    public void A_signature_is_over_what_it_always_was() =>
        AssertHash(
            "cfb53c3672caba9df67ca8e8798462659456173660346277ff7f6af9385623fa",
            LeafEncoding.SignedHash(Bytes(32))
        );

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    private static void AssertHash(string expected, byte[] hash) =>
        Assert.Equal(expected, Convert.ToHexStringLower(hash));
}
