using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Counting;

/// <summary>
/// The single entries of a week that a report uses. They are found by index or key, so the cost depends only on the
/// number of these entries in the week.
/// </summary>
public sealed record WeekEntries(
    IReadOnlyList<CorrectedRating> Corrections,
    IReadOnlyList<BadComment> Comments,
    IReadOnlyList<Repeat> Repeats
)
{
    /// <summary>
    /// The items that were named, by channel. No tally contains both, and the choice of hidden figures depends on both.
    /// </summary>
    public IReadOnlyList<NamedItems> Named { get; init; } = [];

    // A date in any time zone is within one day of the UTC date, and a ticket is at most half an hour older than its
    // rating.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    public static async Task<WeekEntries> ReadAsync(ServiceEvalDb db, IsoWeek week, CancellationToken ct)
    {
        var (monday, sunday) = (week.Monday, week.Sunday);
        var from = new DateTimeOffset(monday.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) - Margin;
        var to = new DateTimeOffset(week.Next.Monday.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) + Margin;

        // Only ratings that were given in this system can be corrected. Their ids begin with the time, so the query
        // reads a range of the key and does not scan the table.
        var (first, last) = (FirstId(from), FirstId(to));
        var corrections = await (
            from correction in db.Corrections.Where(c => c.RatingId >= first && c.RatingId < last)
            join rating in db.Ratings.WhereValid() on correction.RatingId equals rating.Id
            join named in db.RatingDetails.Where(d => d.ItemId != 0)
                on new { correction.RatingId, correction.Grade } equals new { named.RatingId, named.Grade }
                into details
            from detail in details.DefaultIfEmpty()
            where rating.LocalDate >= monday && rating.LocalDate <= sunday
            orderby correction.RatingId
            select new CorrectedRating(
                rating.Id,
                new RatingGroup(
                    rating.LocalDate,
                    rating.WindowId,
                    rating.Channel,
                    rating.Tier,
                    detail == null ? rating.DepartmentId : detail.DepartmentId,
                    detail == null ? 0 : detail.ItemId
                ),
                correction.ReplacedGrade,
                correction.Grade
            )
        ).ToListAsync(ct);

        var comments = await (
            from detail in db.RatingDetails.Where(d =>
                d.Comment != null && d.GivenAt >= @from && d.GivenAt < to && d.Grade >= Grade.Dissatisfied
            )
            join rating in db.Ratings.WhereValid() on detail.RatingId equals rating.Id
            join found in db.Corrections on detail.RatingId equals found.RatingId into replaced
            from correction in replaced.DefaultIfEmpty()
            where detail.Grade == (correction == null ? rating.Grade : correction.Grade)
            orderby detail.RatingId
            select new BadComment(rating.WindowId, rating.Id, detail.Grade, detail.CommentCommitment!, detail.GivenAt)
        ).ToListAsync(ct);

        return new(corrections, comments, await RepeatReader.ReadAsync(db, monday, sunday, ct))
        {
            Named = await NamedAsync(db, week, from, to, ct),
        };
    }

    public WeekEntries Of(ReportScope scope, IsoWeek week)
    {
        var zones = scope.Windows.ToDictionary(w => w.Id, w => w.Hall.Zone);
        return new(
            [.. Corrections.Where(c => zones.ContainsKey(c.WindowId))],
            [
                .. Comments.Where(c =>
                    zones.TryGetValue(c.WindowId, out var zone) && IsoWeek.Of(c.GivenAt, zone) == week
                ),
            ],
            [.. Repeats.Where(r => r.IsValid && zones.ContainsKey(r.WindowId))]
        );
    }

    private static async Task<IReadOnlyList<NamedItems>> NamedAsync(
        ServiceEvalDb db,
        IsoWeek week,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken ct
    )
    {
        // A detail may arrive days after its rating. The rating's id begins with the time of its ticket, so the query
        // reads a range of the key.
        var (first, last) = (FirstId(from), FirstId(to));
        var details = db.RatingDetails.Where(d => d.RatingId >= first && d.RatingId < last);
        var own = await NamedAsync(db, week, details, db.Ratings.Where(r => r.Tier != Tier.Imported), ct);
        if (!await HasImportedAsync(db, week, ct))
            return own;

        // The id of an imported rating contains no time, and no index contains the time of a detail. So a week with
        // imported items scans the details. None of these details is late, because an import gives a detail the time of
        // its rating.
        details = db.RatingDetails.Where(d => d.GivenAt >= @from && d.GivenAt < to);
        return [.. own, .. await NamedAsync(db, week, details, db.Ratings.Where(r => r.Tier == Tier.Imported), ct)];
    }

    private static Task<bool> HasImportedAsync(ServiceEvalDb db, IsoWeek week, CancellationToken ct)
    {
        var (monday, sunday) = (week.Monday, week.Sunday);
        var items = db.TalliesByItem.Where(t => t.LocalDate >= monday && t.LocalDate <= sunday);
        return items.AnyAsync(t => t.Tier == Tier.Imported && t.Standing == Standing.Counted, ct);
    }

    private static async Task<List<NamedItems>> NamedAsync(
        ServiceEvalDb db,
        IsoWeek week,
        IQueryable<RatingDetail> details,
        IQueryable<Rating> ratings,
        CancellationToken ct
    )
    {
        var (monday, sunday) = (week.Monday, week.Sunday);
        return await (
            from detail in details.Where(d => d.ItemId != 0)
            join rating in ratings.WhereValid() on detail.RatingId equals rating.Id
            join found in db.Corrections on detail.RatingId equals found.RatingId into replaced
            from correction in replaced.DefaultIfEmpty()
            where
                rating.LocalDate >= monday
                && rating.LocalDate <= sunday
                && detail.Grade == (correction == null ? rating.Grade : correction.Grade)
            group detail by new
            {
                rating.LocalDate,
                rating.WindowId,
                rating.Channel,
                rating.Tier,
                detail.DepartmentId,
                detail.ItemId,
            } into g
            orderby g.Key.LocalDate, g.Key.WindowId, g.Key.Channel, g.Key.Tier, g.Key.DepartmentId, g.Key.ItemId
            select new NamedItems(
                new RatingGroup(
                    g.Key.LocalDate,
                    g.Key.WindowId,
                    g.Key.Channel,
                    g.Key.Tier,
                    g.Key.DepartmentId,
                    g.Key.ItemId
                ),
                g.Count()
            )
        ).ToListAsync(ct);
    }

    /// <summary>Returns the lowest UUID of version 7 (RFC 9562) for a millisecond.</summary>
    private static Guid FirstId(DateTimeOffset time)
    {
        Span<byte> id = stackalloc byte[16];
        id.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(id, time.ToUnixTimeMilliseconds() << 16);
        return new Guid(id, bigEndian: true);
    }
}

public sealed record CorrectedRating(Guid RatingId, RatingGroup Group, Grade ReplacedGrade, Grade Grade)
{
    public int WindowId => Group.WindowId;
}

/// <summary>A comment on a bad grade that is in force. The comment was given in the week.</summary>
public sealed record BadComment(int WindowId, Guid RatingId, Grade Grade, byte[] Commitment, DateTimeOffset GivenAt);

/// <summary>The number of ratings of a group.</summary>
public readonly record struct NamedItems(RatingGroup Group, int Count);
