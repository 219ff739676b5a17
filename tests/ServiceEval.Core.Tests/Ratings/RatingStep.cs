using CsCheck;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Tests.Ratings;

/// <summary>
/// A request that arrives: a rating (also a second one with another grade), a correction or a detail.
/// </summary>
/// <param name="Slot">The number of the rating that the step is about. There are few slots, so that steps meet each
/// other.</param>
/// <param name="LateBy">The time since the rating was received.</param>
/// <param name="EndsBatch">True if the commit is made after this step.</param>
internal sealed record RatingStep(
    StepKind Kind,
    int Slot,
    Grade Grade,
    TimeSpan LateBy,
    DetailShape Detail,
    bool EndsBatch
)
{
    private const int Slots = 12;

    private static readonly DateTimeOffset Start = new(2026, 11, 18, 15, 50, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private static readonly Gen<TimeSpan> Lateness = Gen.OneOf(
            -3_600_000,
            0,
            60_000,
            119_999,
            120_000,
            120_001,
            400_000
        )
        .Select(ms => TimeSpan.FromMilliseconds(ms));

    public static readonly Gen<RatingStep[]> Sequences = Gen.Select(
        Gen.Frequency(
            (3, StepKind.Rating),
            (1, StepKind.RatingWithDetail),
            (3, StepKind.Correction),
            (4, StepKind.Detail)
        ),
        Gen.Int[0, Slots - 1],
        Gen.OneOf<Grade>([.. Grades.All]),
        Lateness,
        DetailShape.Any,
        Gen.Frequency((3, false), (1, true)),
        (kind, slot, grade, lateBy, detail, ends) => new RatingStep(kind, slot, grade, lateBy, detail, ends)
    ).Array[1, 80];

    public Guid RatingId => new(Slot + 1, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 1]);

    /// <summary>
    /// Slots are twenty minutes apart, so that some are before and some are after midnight of the hall.
    /// </summary>
    public DateTimeOffset ReceivedAt => Start + TimeSpan.FromMinutes(20 * Slot);

    public DateTimeOffset At => ReceivedAt + LateBy;

    public LogRequest ToRequest() =>
        Kind switch
        {
            StepKind.Rating => new GiveRating(ToRating(), null),
            StepKind.RatingWithDetail => new GiveRating(ToRating(), ToDetail()),
            StepKind.Correction => new GiveCorrection(RatingId, Grade, At),
            _ => new GiveDetail(ToDetail()),
        };

    private Rating ToRating() =>
        Rating.Give(
            RatingId,
            windowId: 1 + Slot % 3,
            departmentId: Slot % 2,
            (Tier)(1 + Slot % 7),
            (Channel)(1 + Slot % 8),
            Grade,
            ReceivedAt,
            Zone,
            ReceivedAt,
            [.. RatingId.ToByteArray(), .. RatingId.ToByteArray()]
        );

    private RatingDetail ToDetail() =>
        RatingDetail.Of(RatingId, Grade, Detail.ItemId, Detail.ItemId * 10, Detail.Tags, Detail.Comment, At);
}

internal enum StepKind
{
    Rating,
    RatingWithDetail,
    Correction,
    Detail,
}

/// <param name="ItemId">0 if there is no item.</param>
internal sealed record DetailShape(int ItemId, string[] Tags, string? Comment)
{
    public static readonly Gen<DetailShape> Any = Gen.Select(
        Gen.Int[0, 2],
        Gen.OneOf("207", "208", "510").Array[0, 3],
        Gen.OneOf<string?>(null, "等了两小时", "𠮷"),
        (item, tags, comment) => new DetailShape(item, tags, comment)
    );

    public bool SaysTheSameAs(DetailShape other) =>
        ItemId == other.ItemId && Comment == other.Comment && Tags.ToHashSet().SetEquals(other.Tags);
}
