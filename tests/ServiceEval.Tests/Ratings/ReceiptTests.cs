using System.Security.Cryptography;
using CsCheck;
using Org.BouncyCastle.Crypto.Fpe;
using Org.BouncyCastle.Crypto.Parameters;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

public sealed class ReceiptTests
{
    private static readonly Gen<byte[]> Secrets = Gen.Byte.Array[32];

    // Ids with times until 2109 and with any random bits.
    private static readonly Gen<Guid> Ids = Gen.Select(
        Gen.Long[0, (1L << 42) - 1],
        Gen.Byte.Array[10],
        (time, random) =>
        {
            byte[] id = [.. Enumerable.Range(0, 6).Select(i => (byte)(time >> (40 - (8 * i)))), .. random];
            id[6] = (byte)(0x70 | (id[6] & 0x0F));
            id[8] = (byte)(0x80 | (id[8] & 0x3F));
            return new Guid(id, bigEndian: true);
        }
    );

    [Fact]
    public void A_receipt_and_its_key_determine_a_short_range_of_rating_ids() =>
        Gen.Select(Secrets, Ids)
            .Sample(
                (secret, id) =>
                {
                    var (first, last) = Receipt.Of(Key(secret), id).Ids(Key(secret));
                    return first <= id
                        && id <= last
                        && first
                            .ToByteArray(bigEndian: true)
                            .Take(11)
                            .SequenceEqual(last.ToByteArray(bigEndian: true).Take(11))
                        && first.Version == 7
                        && last.Version == 7
                        && first.Variant >> 2 == 2
                        && last.Variant >> 2 == 2;
                }
            );

    [Fact]
    public void A_receipt_is_sixteen_characters_that_another_key_reads_as_another_time() =>
        Gen.Select(Secrets, Secrets, Ids)
            .Where(t => !t.Item1.SequenceEqual(t.Item2))
            .Sample(
                (secret, other, id) =>
                {
                    var receipt = Receipt.Of(Key(secret), id);
                    return receipt.Text.Length == 16
                        && receipt == Receipt.Parse(receipt.Grouped)
                        && receipt.Ids(Key(other)).First != receipt.Ids(Key(secret)).First;
                }
            );

    [Fact]
    public void Ids_of_one_moment_have_receipts_of_their_own()
    {
        var key = Key(RandomNumberGenerator.GetBytes(32));
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        Assert.Equal(
            10_000,
            Enumerable.Range(0, 10_000).Select(_ => Receipt.Of(key, Guid.CreateVersion7(now))).Distinct().Count()
        );
    }

    [Fact]
    public void The_permutation_is_FF1_as_another_library_computes_it() =>
        Gen.Select(Secrets, Gen.Int[0, 1].Array[80])
            .Sample(
                (key, digits) =>
                {
                    var theirs = new FpeFf1Engine();
                    theirs.Init(true, new FpeParameters(new KeyParameter(key), 2, []));
                    var encrypted = new byte[80];
                    theirs.ProcessBlock([.. digits.Select(d => (byte)d)], 0, 80, encrypted, 0);

                    var ours = new Ff1(key);
                    var number = (Number(digits[..40]), Number(digits[40..]));
                    return ours.Encrypt(number) == (Number(encrypted[..40]), Number(encrypted[40..]))
                        && ours.Decrypt(ours.Encrypt(number)) == number;

                    static ulong Number<T>(T[] digits)
                        where T : IConvertible => digits.Aggregate(0UL, (n, d) => n << 1 | d.ToUInt64(null));
                },
                iter: 500
            );

    private static TicketKey Key(byte[] secret) => new(1, secret, DateTimeOffset.UnixEpoch);
}
