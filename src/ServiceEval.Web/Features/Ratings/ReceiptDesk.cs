using Microsoft.Extensions.Options;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Shows the holder of a receipt the rating and lets the holder add to it. The 80 bits cannot be guessed. All misses
/// share one budget, so guesses cost the service little. Guesses do not slow down a citizen who has a receipt.
/// </summary>
public sealed class ReceiptDesk(
    HallDirectory directory,
    RatingReader reader,
    RatingLog log,
    DetailDeadline deadline,
    TimeProvider time,
    IOptions<ReceiptOptions> options
)
{
    private readonly Lock _lock = new();
    private long _minute;
    private int _misses;

    /// <summary>Returns the rating, or the problem that says why there is none.</summary>
    public async Task<(StoredRating? Rating, Problem? Problem)> FindAsync(string text, CancellationToken ct)
    {
        try
        {
            if (Receipt.Parse(text) is { } receipt && await reader.FindAsync(receipt, ct) is { } stored)
                return (stored, null);
        }
        catch (OutcomeUnknownException)
        {
            return (null, Problem.Unreadable);
        }
        return (null, MissIsWithinBudget() ? RatingProblems.ReceiptUnknown : Problem.TooMany);
    }

    /// <summary>
    /// Stores a correction (按错了？重新选). Returns null if the grade counts now, whether it is new or was stored before.
    /// </summary>
    public async Task<Problem?> CorrectAsync(StoredRating rating, Grade? grade)
    {
        if (grade is not { } given || !given.IsDefined())
            return RatingProblems.GradeMissing;
        return await AppendAsync(new GiveCorrection(rating.State.Rating.Id, given, time.GetUtcNow()));
    }

    /// <summary>
    /// Adds item, tags and comment. Returns null if they are stored, whether they are new or were stored before.
    /// </summary>
    public async Task<Problem?> AddDetailAsync(StoredRating rating, DetailInput input)
    {
        if (input.IsEmpty)
            return RatingProblems.NothingAdded;
        var (detail, problem) = input.For(
            rating.State.Rating.Id,
            rating.State.Grade,
            directory.Current,
            time.GetUtcNow()
        );
        return problem
            ?? await AppendAsync(new GiveDetail(detail!, DetailsUntil(rating)), deadline.LastDay(rating.State.Rating));
    }

    /// <summary>Returns the first instant at which details are refused.</summary>
    public DateTimeOffset DetailsUntil(StoredRating rating) => deadline.Of(rating.State.Rating);

    private async Task<Problem?> AppendAsync(LogRequest request, DateOnly lastDay = default)
    {
        try
        {
            var result = await log.AppendAsync(request);
            return result.Outcome switch
            {
                LogOutcome.Stored or LogOutcome.Replay => null,
                LogOutcome.CorrectionClosed => RatingProblems.CorrectionClosed,
                LogOutcome.DetailsPresent => RatingProblems.DetailsPresent,
                LogOutcome.DetailsClosed => RatingProblems.DetailsClosed(lastDay),
                LogOutcome.GradeReplaced => RatingProblems.GradeReplaced,
                LogOutcome.RatingUnknown => RatingProblems.ReceiptUnknown,
                _ => throw new InvalidOperationException($"The outcome {result.Outcome} does not exist here."),
            };
        }
        catch (NotStoredException)
        {
            return RatingProblems.NotAdded;
        }
        catch (OutcomeUnknownException)
        {
            return Problem.OutcomeUnknown;
        }
    }

    private bool MissIsWithinBudget()
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        lock (_lock)
        {
            if (minute != _minute)
                (_minute, _misses) = (minute, 0);
            return ++_misses <= options.Value.MissesPerMinute;
        }
    }
}
