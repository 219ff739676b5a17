using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Tests.Ratings;

/// <summary>
/// A simple model of the rules: one rating a ticket, one correction within two minutes, one detail a grade.
/// </summary>
internal sealed class RatingsModel
{
    private readonly Dictionary<Guid, Given> _given = [];

    /// <summary>The number of entries that the ledger must hold.</summary>
    public int Entries { get; private set; }

    public LogOutcome Take(RatingStep step)
    {
        var outcome = Decide(step);
        if (outcome == LogOutcome.Stored)
            Entries += step.Kind == StepKind.RatingWithDetail ? 2 : 1;
        return outcome;
    }

    /// <summary>Returns the grade, or the default if there is no such rating.</summary>
    public Grade GradeOf(Guid ratingId) => _given.TryGetValue(ratingId, out var given) ? given.Grade : default;

    private LogOutcome Decide(RatingStep step)
    {
        if (!_given.TryGetValue(step.RatingId, out var given))
        {
            if (step.Kind is StepKind.Correction or StepKind.Detail)
                return LogOutcome.RatingUnknown;
            given = _given[step.RatingId] = new Given { Grade = step.Grade };
            if (step.Kind == StepKind.RatingWithDetail)
                given.Details.Add(step.Grade, step.Detail);
            return LogOutcome.Stored;
        }
        return step.Kind switch
        {
            StepKind.Correction => Correct(given, step),
            StepKind.Detail => Detail(given, step),
            _ => LogOutcome.Replay,
        };
    }

    private static LogOutcome Correct(Given given, RatingStep step)
    {
        if (given.Grade == step.Grade)
            return LogOutcome.Replay;
        if (given.IsCorrected || step.LateBy > TimeSpan.FromMinutes(2))
            return LogOutcome.CorrectionClosed;
        (given.Grade, given.IsCorrected) = (step.Grade, true);
        return LogOutcome.Stored;
    }

    private static LogOutcome Detail(Given given, RatingStep step)
    {
        if (given.Details.TryGetValue(step.Grade, out var present))
            return present.SaysTheSameAs(step.Detail) ? LogOutcome.Replay : LogOutcome.DetailsPresent;
        if (given.Grade != step.Grade)
            return LogOutcome.GradeReplaced;
        given.Details.Add(step.Grade, step.Detail);
        return LogOutcome.Stored;
    }

    private sealed class Given
    {
        public Grade Grade { get; set; }
        public bool IsCorrected { get; set; }
        public Dictionary<Grade, DetailShape> Details { get; } = [];
    }
}
