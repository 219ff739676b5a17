namespace ServiceEval.Core.Ratings;

/// <summary>
/// A hash of the random token of a page, stored beside the rating if the page could keep its token. The key of the hash
/// changes each day. So repeats at one window can be recognised (疑似重复), but a phone cannot be followed from one day to
/// the next. The mark is not in the ledger. It is removed when no report of its week is compiled any more.
/// </summary>
public sealed class DeviceMark
{
    /// <summary>The local date of the rating.</summary>
    public DateOnly LocalDate { get; init; }
    public int WindowId { get; init; }

    /// <summary>64 bits of the hash.</summary>
    public long Device { get; init; }
    public Guid RatingId { get; init; }
}
