namespace ServiceEval.Data.Ratings;

/// <summary>
/// Beside a rating from a page that could keep its random token: a hash of it, keyed anew each day, so that repeats at
/// one window can be told (疑似重复) and a phone can't be followed from one day to the next. Not in the ledger, and removed
/// once no report of its week is compiled any more.
/// </summary>
public sealed class DeviceMark
{
    /// <summary>The rating's.</summary>
    public DateOnly LocalDate { get; init; }
    public int WindowId { get; init; }

    /// <summary>64 bits of the hash.</summary>
    public long Device { get; init; }
    public Guid RatingId { get; init; }
}
