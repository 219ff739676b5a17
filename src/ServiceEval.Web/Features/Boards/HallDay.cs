using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Web.Features.Boards;

/// <summary>The released figures of one hall under one local date.</summary>
internal sealed class HallDay : GradedTally
{
    public int HallId { get; init; }
    public DateOnly LocalDate { get; init; }

    /// <summary>Reads the figures of many halls with one query. The database adds up the windows.</summary>
    /// <param name="halls">The ids of the halls; null for all halls.</param>
    /// <param name="withMadeUpPast">Whether a demonstration's imported ratings of earlier days count as released.</param>
    public static Task<List<HallDay>> ReadAsync(
        ServiceEvalDb db,
        List<int>? halls,
        DateOnly first,
        DateOnly today,
        bool withMadeUpPast,
        CancellationToken ct
    )
    {
        var days = ReleasedDays(db, first, today);
        if (withMadeUpPast)
            days = days.Concat(MadeUpDays(db, first, today));
        if (halls is not null)
            days = days.Where(d => halls.Contains(d.HallId));
        return days.GroupBy(d => new { d.HallId, d.LocalDate })
            .Select(g => new HallDay
            {
                HallId = g.Key.HallId,
                LocalDate = g.Key.LocalDate,
                VerySatisfied = g.Sum(d => d.VerySatisfied),
                Satisfied = g.Sum(d => d.Satisfied),
                BasicallySatisfied = g.Sum(d => d.BasicallySatisfied),
                Dissatisfied = g.Sum(d => d.Dissatisfied),
                VeryDissatisfied = g.Sum(d => d.VeryDissatisfied),
            })
            .ToListAsync(ct);
    }

    private static IQueryable<HallDay> ReleasedDays(ServiceEvalDb db, DateOnly first, DateOnly today) =>
        from day in db.ReleasedDays
        join window in db.Windows on day.WindowId equals window.Id
        where day.LocalDate >= first && day.LocalDate <= today
        select new HallDay
        {
            HallId = window.HallId,
            LocalDate = day.LocalDate,
            VerySatisfied = day.VerySatisfied,
            Satisfied = day.Satisfied,
            BasicallySatisfied = day.BasicallySatisfied,
            Dissatisfied = day.Dissatisfied,
            VeryDissatisfied = day.VeryDissatisfied,
        };

    /// <inheritdoc cref="BoardReader.MadeUpPastAsync"/>
    private static IQueryable<HallDay> MadeUpDays(ServiceEvalDb db, DateOnly first, DateOnly today) =>
        from hour in db.TalliesByHour
        join window in db.Windows on hour.WindowId equals window.Id
        where
            hour.LocalDate >= first
            && hour.LocalDate < today
            && hour.Tier == Tier.Imported
            && hour.Standing == Standing.Counted
        select new HallDay
        {
            HallId = window.HallId,
            LocalDate = hour.LocalDate,
            VerySatisfied = hour.VerySatisfied,
            Satisfied = hour.Satisfied,
            BasicallySatisfied = hour.BasicallySatisfied,
            Dissatisfied = hour.Dissatisfied,
            VeryDissatisfied = hour.VeryDissatisfied,
        };
}
