using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>The result of the intake of a rating.</summary>
public abstract record IntakeResult
{
    private IntakeResult() { }

    /// <param name="Grade">The grade that counts. For a replay, this is the stored grade.</param>
    public sealed record Accepted(Guid RatingId, Receipt Receipt, Grade Grade, BlockReference Block, bool Replay)
        : IntakeResult;

    public sealed record TicketMissing : IntakeResult;

    /// <summary>The ticket is forged, belongs to another window, or belongs to a window that does not exist.</summary>
    public sealed record TicketInvalid : IntakeResult;

    public sealed record TicketExpired : IntakeResult;

    public sealed record Invalid(Problem Problem) : IntakeResult;

    /// <summary>Nothing was stored.</summary>
    public sealed record NotStored : IntakeResult;

    /// <summary>It is unknown whether the rating was stored. A retry gives the answer and cannot count twice.</summary>
    public sealed record OutcomeUnknown : IntakeResult;

    /// <summary>Returns the problem that the API and the page send for a refusal.</summary>
    public Problem ToProblem() =>
        this switch
        {
            TicketMissing => RatingProblems.TicketMissing,
            TicketInvalid => RatingProblems.TicketInvalid,
            TicketExpired => RatingProblems.TicketExpired,
            Invalid invalid => invalid.Problem,
            NotStored => Problem.NotStored,
            OutcomeUnknown => Problem.OutcomeUnknown,
            _ => throw new InvalidOperationException("An accepted rating has no problem."),
        };
}
