using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Ratings;

public sealed class TicketIssuer(TicketKeys keys, TimeProvider time)
{
    /// <summary>The time for which a ticket from a printed QR code may be used.</summary>
    public static readonly TimeSpan PrintedLife = TimeSpan.FromMinutes(30);

    public RatingTicket IssuePrinted(int windowId)
    {
        var now = time.GetUtcNow();
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        return new RatingTicket(
            Guid.CreateVersion7(now),
            windowId,
            Tier.Printed,
            issuedAt,
            issuedAt + PrintedLife,
            keys.Current
        );
    }
}
