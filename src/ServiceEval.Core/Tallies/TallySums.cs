using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ServiceEval.Core.Tallies;

/// <summary>
/// Sums of a fixed size over any number of tally rows. Two sets of tallies are compared by their sums, so neither set
/// is kept in memory. The counts of each key are multiplied by a number that only this process knows, and the product
/// is added to the bucket of the key. Equal tallies give equal sums. Different tallies give equal sums with a
/// probability of at most 1 in 2^64, even if an attacker chose them. The keys in the wanted buckets are kept as well,
/// so that the rows can be named.
/// </summary>
/// <param name="secret">The secret. It must be the same for all sums that are compared.</param>
/// <param name="wanted">The buckets whose keys are kept; null for none.</param>
public sealed class TallySums(TallySecret secret, IReadOnlySet<int>? wanted = null)
{
    private const int BucketCount = 1 << 16;

    private readonly UInt128[] _sums = new UInt128[BucketCount];
    private readonly Dictionary<HourKey, GradeCounts> _hours = [];
    private readonly Dictionary<ItemKey, GradeCounts> _items = [];
    private readonly Dictionary<TagKey, int> _tags = [];

    public TallySecret Secret => secret;

    /// <summary>The number of added counts. A key that was added more than once counts more than once.</summary>
    public long Added { get; private set; }

    public IReadOnlyDictionary<HourKey, GradeCounts> Hours => _hours;
    public IReadOnlyDictionary<ItemKey, GradeCounts> Items => _items;
    public IReadOnlyDictionary<TagKey, int> Tags => _tags;

    public void Add(TallyChanges changes)
    {
        foreach (var (key, counts) in changes.Hours)
            Add(key, counts);
        foreach (var (key, counts) in changes.Items)
            Add(key, counts);
        foreach (var (key, count) in changes.Tags)
            Add(key, count);
    }

    public void Add(in HourKey key, in GradeCounts counts)
    {
        Span<byte> name = stackalloc byte[17];
        name[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(name[1..], key.LocalDate.DayNumber);
        BinaryPrimitives.WriteInt32BigEndian(name[5..], key.WindowId);
        BinaryPrimitives.WriteInt32BigEndian(name[9..], key.DepartmentId);
        (name[13], name[14], name[15], name[16]) = (
            key.LocalHour,
            (byte)key.Tier,
            (byte)key.Channel,
            (byte)key.Standing
        );
        if (Count(name, counts))
            CollectionsMarshal.GetValueRefOrAddDefault(_hours, key, out _) += counts;
    }

    public void Add(in ItemKey key, in GradeCounts counts)
    {
        Span<byte> name = stackalloc byte[19];
        name[0] = 2;
        BinaryPrimitives.WriteInt32BigEndian(name[1..], key.LocalDate.DayNumber);
        BinaryPrimitives.WriteInt32BigEndian(name[5..], key.WindowId);
        BinaryPrimitives.WriteInt32BigEndian(name[9..], key.DepartmentId);
        BinaryPrimitives.WriteInt32BigEndian(name[13..], key.ItemId);
        (name[17], name[18]) = ((byte)key.Tier, (byte)key.Standing);
        if (Count(name, counts))
            CollectionsMarshal.GetValueRefOrAddDefault(_items, key, out _) += counts;
    }

    public void Add(in TagKey key, int count)
    {
        byte[] name = [3, (byte)key.Standing, .. new byte[8], .. Encoding.UTF8.GetBytes(key.TagCode)];
        BinaryPrimitives.WriteInt32BigEndian(name.AsSpan(2), key.LocalDate.DayNumber);
        BinaryPrimitives.WriteInt32BigEndian(name.AsSpan(6), key.WindowId);
        if (Count(name, new GradeCounts(count, 0, 0, 0, 0)))
            CollectionsMarshal.GetValueRefOrAddDefault(_tags, key, out _) += count;
    }

    /// <summary>Returns the buckets in which the two sums differ.</summary>
    public IReadOnlyList<int> DifferenceFrom(TallySums other) =>
        [.. Enumerable.Range(0, BucketCount).Where(bucket => _sums[bucket] != other._sums[bucket])];

    /// <summary>Returns the number of buckets that together have about <paramref name="keys"/> keys.</summary>
    public int BucketsWith(long keys) => (int)Math.Clamp(keys * BucketCount / Math.Max(1, Added), 1, BucketCount);

    /// <summary>Adds the counts to the bucket of the key. Returns true if the key must be kept.</summary>
    private bool Count(ReadOnlySpan<byte> name, in GradeCounts counts)
    {
        Added++;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        secret.Hash(name, hash);
        var bucket = BinaryPrimitives.ReadUInt16BigEndian(hash[16..]);
        _sums[bucket] += BinaryPrimitives.ReadUInt128BigEndian(hash) * secret.Weigh(counts);
        return wanted is not null && wanted.Contains(bucket);
    }
}

/// <summary>
/// A random secret. It is drawn for each verification, so an attacker cannot have chosen tallies that match it.
/// </summary>
public sealed class TallySecret
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly UInt128[] _weights =
    [
        .. Enumerable
            .Range(0, 5)
            .Select(_ => BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16)) | 1),
    ];

    internal void Hash(ReadOnlySpan<byte> name, Span<byte> hash) => HMACSHA256.HashData(_key, name, hash);

    internal UInt128 Weigh(in GradeCounts counts) =>
        unchecked(
            (UInt128)(Int128)counts.VerySatisfied * _weights[0]
            + (UInt128)(Int128)counts.Satisfied * _weights[1]
            + (UInt128)(Int128)counts.BasicallySatisfied * _weights[2]
            + (UInt128)(Int128)counts.Dissatisfied * _weights[3]
            + (UInt128)(Int128)counts.VeryDissatisfied * _weights[4]
        );
}
