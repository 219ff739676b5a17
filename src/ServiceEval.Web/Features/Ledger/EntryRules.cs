using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Ledger;

internal abstract record EntryRule(Law Law)
{
    public abstract bool IsKept(ILedgerEntry entry, EntryCase context);
}

/// <param name="Keeps">Returns whether the entry keeps the law.</param>
internal sealed record EntryRule<T>(Law Law, Func<T, EntryCase, bool> Keeps) : EntryRule(Law)
    where T : class, ILedgerEntry
{
    public override bool IsKept(ILedgerEntry entry, EntryCase context) => Keeps((T)entry, context);
}

/// <summary>The data besides the entry itself by which the entry is judged.</summary>
/// <param name="Block">The entry's own block.</param>
/// <param name="MayBearEarlierTime">Whether the block's time may be the time of its predecessor, because the clock was
/// set back (<see cref="CommitTime"/>).</param>
/// <param name="ReceiptFits">Whether a ticket key gives the receipt; null if no ticket keys are available.</param>
internal sealed record EntryCase(
    LedgerBlock Block,
    bool MayBearEarlierTime,
    Rating Rating,
    Correction? Correction,
    bool? ReceiptFits,
    DirectoryFound Directory
);

/// <summary>
/// The rules for the entries that each way into the service (intake, import) accepts. A new way adds its own rules.
/// </summary>
internal static class EntryRules
{
    /// <summary>
    /// The longest time between an entry's own time and its commit. An import prepares rows ahead and waits for its
    /// turn.
    /// </summary>
    private static readonly TimeSpan Queue = TimeSpan.FromMinutes(15);

    /// <summary>The most by which the clocks of nodes may differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>The longest deadline for details that can be set, including the holidays that may lie in it.</summary>
    public static readonly TimeSpan LongestDetailDeadline = TimeSpan.FromDays(40);

    private static readonly IReadOnlyList<EntryRule<Rating>> OfRatings =
    [
        new(
            Laws.Window,
            (r, c) =>
                c.Directory.Windows.Contains(r.WindowId)
                && (r.DepartmentId == 0 || c.Directory.Departments.Contains(r.DepartmentId))
        ),
        new(Laws.Door, (r, _) => r.Tier == Tier.Imported || r is { Tier: Tier.Printed, Channel: Channel.Qr }),
        new(
            Laws.ReceiptHash,
            (r, c) =>
                r.Tier == Tier.Imported ? !r.ReceiptHash.AsSpan().ContainsAnyExcept((byte)0) : c.ReceiptFits != false
        ),
        new(Laws.TicketLife, (r, _) => r.Tier == Tier.Imported ? r.Id.Version == 8 : IsWithinTicketLife(r)),
        new(Laws.ReceivedWithBlock, (r, c) => IsNear(r.ReceivedAt, c)),
        new(
            Laws.GivenBeforeReceived,
            (r, _) => r.Tier == Tier.Imported ? r.GivenAt - r.ReceivedAt <= Skew : r.GivenAt == r.ReceivedAt
        ),
        new(Laws.LocalTime, (r, _) => IsSomewhereOnEarth(r)),
    ];

    private static readonly IReadOnlyList<EntryRule<Correction>> OfCorrections =
    [
        new(Laws.CorrectionTier, (_, c) => c.Rating.Tier is not (Tier.Imported or Tier.Imputed)),
        new(Laws.CorrectionTime, (x, c) => Correction.IsInTime(c.Rating.ReceivedAt, x.CorrectedAt)),
        new(Laws.CorrectionOrder, (x, c) => IsBefore(c.Rating, x)),
        new(
            Laws.CorrectionGrade,
            (x, c) => x.ReplacedGrade == c.Rating.Grade && x.Grade != x.ReplacedGrade && x.Grade.IsDefined()
        ),
        new(Laws.ReceivedWithBlock, (x, c) => IsNear(x.CorrectedAt, c)),
        new(Laws.CorrectedOnce, (x, c) => ReferenceEquals(x, c.Correction)),
    ];

    private static readonly IReadOnlyList<EntryRule<RatingDetail>> OfDetails =
    [
        new(Laws.DetailOrder, (d, c) => IsBefore(c.Rating, d)),
        new(Laws.DetailGrade, IsOfTheGradeInForce),
        new(
            Laws.DetailOfImport,
            (d, c) => c.Rating.Tier != Tier.Imported || d.Block == c.Rating.Block && d.GivenAt == c.Rating.GivenAt
        ),
        new(Laws.DetailTime, (d, c) => c.Rating.Tier == Tier.Imported || IsWithinDeadline(d, c)),
        new(Laws.ReceivedWithBlock, (d, c) => c.Rating.Tier == Tier.Imported || IsNear(d.GivenAt, c)),
        new(
            Laws.Window,
            (d, c) =>
                (d.ItemId == 0 || c.Directory.Items.Contains(d.ItemId))
                && (d.DepartmentId == 0 || c.Directory.Departments.Contains(d.DepartmentId))
        ),
    ];

    // The rules for keys are about the whole chain: see BlockSignatures.
    private static readonly Dictionary<EntryKind, IReadOnlyList<EntryRule>> ByKind = new()
    {
        [EntryKind.Rating] = OfRatings,
        [EntryKind.Correction] = OfCorrections,
        [EntryKind.Detail] = OfDetails,
        [EntryKind.Key] = [],
    };

    /// <summary>Returns the rules that make an entry of this kind lawful.</summary>
    /// <exception cref="KeyNotFoundException">The kind has no rules yet.</exception>
    public static IReadOnlyList<EntryRule> Of(EntryKind kind) => ByKind[kind];

    /// <summary>
    /// Returns whether the time is close to the block's time. If a clock was set back, the entry may be later than its
    /// block, or the block may bear the time of its predecessor.
    /// </summary>
    private static bool IsNear(DateTimeOffset at, EntryCase @case) =>
        @case.Block.CommittedAt - at <= (@case.MayBearEarlierTime ? Queue + CommitTime.SetBack : Queue)
        && at - @case.Block.CommittedAt <= Queue + CommitTime.SetBack;

    private static bool IsWithinTicketLife(Rating rating)
    {
        if (rating.Id.Version != 7)
            return false;
        var age = rating.ReceivedAt - TimeOf(rating.Id);
        return age <= TicketIssuer.PrintedLife + Skew && age >= -(CommitTime.SetBack + Skew);
    }

    /// <summary>Returns the time of a version 7 id, from the milliseconds at its beginning.</summary>
    private static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16 & 0xFFFF_FFFF_FFFF;
        return DateTimeOffset.FromUnixTimeMilliseconds(
            Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        );
    }

    /// <summary>
    /// Returns whether the local date and hour fit a time zone. Zones lie between 12 hours before UTC and 14 hours
    /// after. The hour is cut to the full hour.
    /// </summary>
    private static bool IsSomewhereOnEarth(Rating rating)
    {
        if (rating.LocalHour > 23)
            return false;
        var ahead = rating.LocalDate.ToDateTime(new TimeOnly(rating.LocalHour, 0)) - rating.GivenAt.UtcDateTime;
        return ahead > TimeSpan.FromHours(-13) && ahead <= TimeSpan.FromHours(14);
    }

    private static bool IsBefore(ILedgerEntry rating, ILedgerEntry entry) =>
        rating.Block < entry.Block || rating.Block == entry.Block && rating.Index < entry.Index;

    private static bool IsOfTheGradeInForce(RatingDetail detail, EntryCase @case)
    {
        var inForce =
            @case.Correction is { } correction && IsBefore(correction, detail) ? correction.Grade : @case.Rating.Grade;
        return detail.Grade == inForce;
    }

    /// <summary>
    /// Programs that did not sign blocks had no deadline for details either. So the deadline is not checked in unsigned
    /// blocks.
    /// </summary>
    private static bool IsWithinDeadline(RatingDetail detail, EntryCase @case)
    {
        var after = detail.GivenAt - @case.Rating.ReceivedAt;
        return after >= -(CommitTime.SetBack + Skew) && (after <= LongestDetailDeadline || @case.Block.KeyId is null);
    }
}
