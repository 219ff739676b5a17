using System.Security.Cryptography;
using CsCheck;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Statistics;

namespace ServiceEval.Core.Tests;

public sealed class LedgerHashTests
{
    private static readonly Gen<byte[][]> Leaves = Gen.Byte.Array[32].Array[1, 70];

    [Fact]
    public void The_root_is_the_recursive_definition_of_RFC_9162() =>
        Leaves.Sample(leaves => MerkleTree.Root(leaves).SequenceEqual(Naive(leaves)));

    [Fact]
    public void A_Wilson_interval_contains_its_rate_and_stays_between_0_and_1() =>
        Gen.Int[1, 100_000]
            .SelectMany(n => Gen.Int[0, n].Select(good => (good, n)))
            .Sample(sample =>
            {
                var (low, high) = Wilson.Interval(sample.good, sample.n);
                var rate = (double)sample.good / sample.n;
                return low >= 0 && low <= rate + 1e-12 && rate <= high + 1e-12 && high <= 1;
            });

    [Theory]
    [InlineData(3, 3, 0.4385, 1.0000)]
    [InlineData(196, 200, 0.9497, 0.9922)]
    public void Wilson_intervals_are_those_of_the_textbook(int good, int n, double low, double high)
    {
        var interval = Wilson.Interval(good, n);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    private static byte[] Naive(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1)
            return leaves[0];
        var split = 1;
        while (split * 2 < leaves.Length)
            split *= 2;
        return SHA256.HashData([1, .. Naive(leaves[..split]), .. Naive(leaves[split..])]);
    }
}
