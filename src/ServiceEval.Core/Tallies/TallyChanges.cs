using System.Runtime.InteropServices;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Tallies;

public readonly record struct HourKey(
    DateOnly LocalDate,
    byte LocalHour,
    int WindowId,
    int DepartmentId,
    Tier Tier,
    Channel Channel,
    Standing Standing
);

public readonly record struct ItemKey(
    DateOnly LocalDate,
    int WindowId,
    int ItemId,
    int DepartmentId,
    Tier Tier,
    Standing Standing
);

public readonly record struct WindowKey(int WindowId, Tier Tier, Standing Standing);

public readonly record struct TagKey(DateOnly LocalDate, int WindowId, string TagCode, Standing Standing);

/// <summary>
/// The changes that entries make to the tallies, summed by key. The hot path adds the sums of one block to the tables.
/// Verification sums the whole ledger and compares the sums with the tables.
/// </summary>
public sealed class TallyChanges
{
    private readonly Dictionary<HourKey, GradeCounts> _hours = [];
    private readonly Dictionary<ItemKey, GradeCounts> _items = [];
    private readonly Dictionary<WindowKey, GradeCounts> _windows = [];
    private readonly Dictionary<TagKey, int> _tags = [];

    public IReadOnlyDictionary<HourKey, GradeCounts> Hours => _hours;
    public IReadOnlyDictionary<ItemKey, GradeCounts> Items => _items;
    public IReadOnlyDictionary<WindowKey, GradeCounts> Windows => _windows;
    public IReadOnlyDictionary<TagKey, int> Tags => _tags;

    public int Keys => _hours.Count + _items.Count + _windows.Count + _tags.Count;

    public void Clear()
    {
        _hours.Clear();
        _items.Clear();
        _windows.Clear();
        _tags.Clear();
    }

    public void Add(Rating rating) => CountGrade(rating, GradeCounts.One(rating.Grade));

    /// <summary>Adds a detail. A detail counts only while its grade is the grade in force.</summary>
    public void Add(Rating rating, RatingDetail detail) => CountDetail(rating, detail, 1);

    /// <summary>
    /// Moves the rating from the replaced grade to the new grade. The detail of the replaced grade no longer counts.
    /// </summary>
    public void Correct(Rating rating, Correction correction, RatingDetail? detailOfReplaced)
    {
        CountGrade(rating, GradeCounts.One(correction.Grade) - GradeCounts.One(correction.ReplacedGrade));
        if (detailOfReplaced is not null)
            CountDetail(rating, detailOfReplaced, -1);
    }

    private void CountGrade(Rating rating, GradeCounts counts)
    {
        AddTo(
            _hours,
            new(
                rating.LocalDate,
                rating.LocalHour,
                rating.WindowId,
                rating.DepartmentId,
                rating.Tier,
                rating.Channel,
                rating.Standing
            ),
            counts
        );
        AddTo(_windows, new(rating.WindowId, rating.Tier, rating.Standing), counts);
    }

    private void CountDetail(Rating rating, RatingDetail detail, int sign)
    {
        if (detail.ItemId != 0)
        {
            var one = GradeCounts.One(detail.Grade);
            AddTo(
                _items,
                new(
                    rating.LocalDate,
                    rating.WindowId,
                    detail.ItemId,
                    detail.DepartmentId,
                    rating.Tier,
                    rating.Standing
                ),
                sign > 0 ? one : default(GradeCounts) - one
            );
        }
        foreach (var tag in detail.TagCodes)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(
                _tags,
                new(rating.LocalDate, rating.WindowId, tag, rating.Standing),
                out _
            ) += sign;
        }
    }

    private static void AddTo<TKey>(Dictionary<TKey, GradeCounts> sums, TKey key, GradeCounts counts)
        where TKey : notnull
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        sum += counts;
    }
}
