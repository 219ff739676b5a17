using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>The one door of every rating, whatever it came through: page and API ask here, in the same order.</summary>
public sealed class RatingIntake(
    HallDirectory directory,
    TicketKeys keys,
    RatingLog log,
    RatingReader reader,
    RatingMetrics metrics,
    TimeProvider time
)
{
    /// <summary>Checks in order: MAC, window, already stored, expiry; answers after the commit is durable.</summary>
    /// <param name="at">The window whose page the ticket was posted to; null where the ticket alone names it.</param>
    /// <param name="device">The token that the page left with the phone; nothing about the answer depends on
    /// it.</param>
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
            return await UnlessStoredAsync(ticket, new IntakeResult.Invalid(Problem.GradeMissing), ct);
        if (!Allows(ticket.Tier, channel))
            return await UnlessStoredAsync(ticket, new IntakeResult.Invalid(Problem.ChannelNotAllowed), ct);

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
        // The oldest key: a ring that gets a new one in the middle of a day must not make two phones of one.
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
    /// A stored rating answers its ticket for ever, whatever came with it this time. The log finds a replay by itself,
    /// so it is looked for here only where a new rating would be refused.
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
    /// A printed code proves nothing about how the citizen came, so its ticket can't claim another channel.
    /// </summary>
    private static bool Allows(Tier tier, Channel channel) => tier == Tier.Imported || channel == Channel.Qr;
}

/// <summary>What became of a rating at the door.</summary>
public abstract record IntakeResult
{
    private IntakeResult() { }

    /// <param name="Grade">The grade that counts: of a replay, the stored one.</param>
    public sealed record Accepted(Guid RatingId, Receipt Receipt, Grade Grade, BlockReference Block, bool Replay)
        : IntakeResult;

    public sealed record TicketMissing : IntakeResult;

    /// <summary>Forged, of another window, or of one that does not exist.</summary>
    public sealed record TicketInvalid : IntakeResult;

    public sealed record TicketExpired : IntakeResult;

    public sealed record Invalid(Problem Problem) : IntakeResult;

    /// <summary>Nothing was stored.</summary>
    public sealed record NotStored : IntakeResult;

    /// <summary>Trying again tells, and can't count twice.</summary>
    public sealed record OutcomeUnknown : IntakeResult;

    /// <summary>The problem that a refusal is on the wire and on the page.</summary>
    public Problem ToProblem() =>
        this switch
        {
            TicketMissing => Problem.TicketMissing,
            TicketInvalid => Problem.TicketInvalid,
            TicketExpired => Problem.TicketExpired,
            Invalid invalid => invalid.Problem,
            NotStored => Problem.NotStored,
            OutcomeUnknown => Problem.OutcomeUnknown,
            _ => throw new InvalidOperationException("An accepted rating is no problem."),
        };
}
