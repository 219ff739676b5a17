using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The only intake of ratings. The page and the API both use it, so all ratings are checked in the same order.
/// </summary>
public sealed class RatingIntake(
    HallDirectory directory,
    TicketKeys keys,
    RatingLog log,
    RatingReader reader,
    RatingMetrics metrics,
    TimeProvider time
)
{
    /// <summary>
    /// Checks in this order: MAC, window, already stored, expiry. Returns after the commit is durable.
    /// </summary>
    /// <param name="at">The window whose page the ticket was posted to; null if only the ticket names the
    /// window.</param>
    /// <param name="device">The token that the page set on the phone. The answer does not depend on it.</param>
    public async Task<IntakeResult> GiveAsync(
        string? ticketText,
        Grade? grade,
        Channel channel,
        DetailInput? details,
        WindowEntry? at,
        DeviceToken? device,
        CancellationToken ct
    )
    {
        if (string.IsNullOrEmpty(ticketText))
            return Refused(new IntakeResult.TicketMissing());
        if (RatingTicket.Parse(ticketText, keys) is not { } ticket)
            return Refused(new IntakeResult.TicketInvalid());

        var snapshot = directory.Current;
        if (snapshot.Window(ticket.WindowId) is not { } window || (at is not null && at.Id != window.Id))
            return Refused(new IntakeResult.TicketInvalid());

        var now = time.GetUtcNow();
        if (now > ticket.ExpiresAt)
            return await UnlessStoredAsync(ticket, new IntakeResult.TicketExpired(), ct);
        if (grade is not { } given || !given.IsDefined())
            return await UnlessStoredAsync(ticket, new IntakeResult.Invalid(RatingProblems.GradeMissing), ct);
        if (!Allows(ticket.Tier, channel))
            return await UnlessStoredAsync(ticket, new IntakeResult.Invalid(RatingProblems.ChannelNotAllowed), ct);

        RatingDetail? detail = null;
        if (details is { IsEmpty: false })
        {
            (detail, var fault) = details.For(ticket.RatingId, given, snapshot, now);
            if (fault is not null)
                return await UnlessStoredAsync(ticket, new IntakeResult.Invalid(fault), ct);
        }

        var receipt = ticket.Receipt;
        var rating = Rating.Give(
            ticket.RatingId,
            window.Id,
            window.Window.DepartmentId ?? 0,
            ticket.Tier,
            channel,
            given,
            now,
            window.Hall.Zone,
            now,
            receipt.Hash
        );
        // The oldest key is used. If the ring gets a new key in the middle of a day, one phone must not count as two.
        var mark = device?.MarkAt(window.Id, rating.LocalDate, keys.Oldest);
        try
        {
            var result = await log.AppendAsync(new GiveRating(rating, detail, mark));
            return new IntakeResult.Accepted(
                ticket.RatingId,
                receipt,
                result.Grade,
                result.Block,
                result.Outcome == LogOutcome.Replay
            );
        }
        catch (NotStoredException)
        {
            return Refused(new IntakeResult.NotStored());
        }
        catch (OutcomeUnknownException)
        {
            return Refused(new IntakeResult.OutcomeUnknown());
        }
    }

    /// <summary>
    /// Returns the stored rating of the ticket, or the refusal if there is none. A stored rating answers its ticket
    /// permanently, whatever else the request contains. The log finds a replay itself. So a stored rating is looked up
    /// here only if a new rating would be refused.
    /// </summary>
    private async Task<IntakeResult> UnlessStoredAsync(RatingTicket ticket, IntakeResult refusal, CancellationToken ct)
    {
        try
        {
            if (await reader.FindAsync(ticket.RatingId, ct) is not { } stored)
                return Refused(refusal);
            metrics.Replayed(1);
            return new IntakeResult.Accepted(
                ticket.RatingId,
                ticket.Receipt,
                stored.State.Grade,
                stored.Block,
                Replay: true
            );
        }
        catch (OutcomeUnknownException)
        {
            return Refused(new IntakeResult.OutcomeUnknown());
        }
    }

    private IntakeResult Refused(IntakeResult refusal)
    {
        metrics.Refused(refusal.ToProblem().Name);
        return refusal;
    }

    /// <summary>
    /// Returns whether the tier allows the channel. A printed code does not prove how the citizen came, so its ticket
    /// cannot claim another channel.
    /// </summary>
    private static bool Allows(Tier tier, Channel channel) => tier == Tier.Imported || channel == Channel.Qr;
}
