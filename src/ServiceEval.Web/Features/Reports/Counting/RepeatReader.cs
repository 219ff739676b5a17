using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Reports.Counting;

/// <summary>
/// Finds repeats (疑似重复). The cost depends on the number of device marks on the requested dates and not on the length of
/// the history.
/// </summary>
public static class RepeatReader
{
    /// <summary>Reads the repeats of these dates at every window, in the order of date, window and id.</summary>
    public static async Task<IReadOnlyList<Repeat>> ReadAsync(
        ServiceEvalDb db,
        DateOnly from,
        DateOnly to,
        CancellationToken ct
    )
    {
        var devices = db
            .DeviceMarks.Where(m => m.LocalDate >= from && m.LocalDate <= to)
            .GroupBy(m => new
            {
                m.LocalDate,
                m.WindowId,
                m.Device,
            })
            .Where(marks => marks.Count() > 1)
            .Select(marks => marks.Key);
        var marked =
            from device in devices
            join mark in db.DeviceMarks
                on device equals new
                {
                    mark.LocalDate,
                    mark.WindowId,
                    mark.Device,
                }
            join rating in db.Ratings on mark.RatingId equals rating.Id
            join found in db.Corrections on rating.Id equals found.RatingId into corrections
            from correction in corrections.DefaultIfEmpty()
            let grade = correction == null ? rating.Grade : correction.Grade
            join named in db.RatingDetails.Where(d => d.ItemId != 0)
                on new { RatingId = rating.Id, Grade = grade } equals new { named.RatingId, named.Grade }
                into details
            from detail in details.DefaultIfEmpty()
            select new MarkedRating(
                rating.Id,
                new RatingGroup(
                    mark.LocalDate,
                    mark.WindowId,
                    rating.Channel,
                    rating.Tier,
                    detail == null ? rating.DepartmentId : detail.DepartmentId,
                    detail == null ? 0 : detail.ItemId
                ),
                mark.Device,
                rating.GivenAt,
                grade,
                rating.Standing
            );
        return
        [
            .. Repeats
                .Among(await marked.ToListAsync(ct))
                .Select(m => new Repeat(m.RatingId, m.Group, m.Grade, m.Standing))
                .OrderBy(r => r.Group.LocalDate)
                .ThenBy(r => r.WindowId)
                .ThenBy(r => r.RatingId),
        ];
    }
}
