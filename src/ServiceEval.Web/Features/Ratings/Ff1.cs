using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// FF1 of NIST SP 800-38G for eighty binary digits and an empty tweak: a keyed permutation of all numbers of eighty
/// bits. A number is passed and returned as two halves of forty bits. The class is thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Lives as long as its key, and keys are never let go.")]
internal sealed class Ff1
{
    private const int Rounds = 10;
    private const int BlockLength = 16;
    private const ulong Half = (1UL << 40) - 1;

    // Version 1, method 2, addition 1, radix 2, ten rounds, half of 40 digits, 80 digits, an empty tweak (step 5).
    private static readonly byte[] Parameters = [1, 2, 1, 0, 0, 2, 10, 40, 0, 0, 0, 80, 0, 0, 0, 0];

    private readonly ThreadLocal<ICryptoTransform> _cipher;
    private readonly byte[] _prefix;

    /// <param name="key">An AES key: 16, 24 or 32 bytes.</param>
    public Ff1(byte[] key)
    {
        var aes = Aes.Create();
        aes.Key = key;
        aes.Mode = CipherMode.ECB;
        aes.Padding = PaddingMode.None;
        // The one-shot methods set up a cipher for every block. That took six times as long.
        _cipher = new ThreadLocal<ICryptoTransform>(aes.CreateEncryptor);
        _prefix = aes.EncryptEcb(Parameters, PaddingMode.None);
    }

    /// <param name="number">Two halves of 40 bits.</param>
    public (ulong Left, ulong Right) Encrypt((ulong Left, ulong Right) number)
    {
        var block = new byte[BlockLength];
        var (a, b) = number;
        for (var round = 0; round < Rounds; round++)
            (a, b) = (b, (a + RoundOf(round, b, block)) & Half);
        return (a, b);
    }

    /// <inheritdoc cref="Encrypt"/>
    public (ulong Left, ulong Right) Decrypt((ulong Left, ulong Right) number)
    {
        var block = new byte[BlockLength];
        var (a, b) = number;
        for (var round = Rounds - 1; round >= 0; round--)
            (a, b) = ((b - RoundOf(round, a, block)) & Half, a);
        return (a, b);
    }

    /// <summary>
    /// Computes steps 6.i to 6.iv: the CBC-MAC of the parameters and the block of the round, then the last five of its
    /// first twelve bytes.
    /// </summary>
    private ulong RoundOf(int round, ulong half, byte[] block)
    {
        BinaryPrimitives.WriteUInt64BigEndian(block, 0);
        BinaryPrimitives.WriteUInt64BigEndian(block.AsSpan(8), half);
        block[10] = (byte)round;
        for (var i = 0; i < BlockLength; i++)
            block[i] ^= _prefix[i];
        _cipher.Value!.TransformBlock(block, 0, BlockLength, block, 0);
        return BinaryPrimitives.ReadUInt64BigEndian(block.AsSpan(4)) & Half;
    }
}
