using Microsoft.Net.Http.Headers;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Finds the rating that this phone gave at this window in the last two minutes. If the citizen goes back after a wrong
/// tap, or uses a second tab, one intended rating would otherwise count twice (decision 0032).
/// </summary>
public sealed class JustRated(TicketKeys keys, RatingReader reader, TimeProvider time)
{
    private const string CookieName = "serviceeval-rated";

    /// <summary>
    /// Stores the rating's ticket on the phone. The ticket is signed, names its rating, and cannot give a second one.
    /// </summary>
    /// <param name="code">The code in the address of the window's page. The phone sends the cookie only to that
    /// page.</param>
    public static void Note(HttpContext http, string code, string ticket)
    {
        var life = (int)Correction.Window.TotalSeconds;
        http.Response.Headers.Append(
            HeaderNames.SetCookie,
            $"{CookieName}={ticket}; max-age={life}; path=/w/{code}; samesite=lax; httponly{(http.Request.IsHttps ? "; secure" : "")}"
        );
    }

    /// <summary>
    /// Returns null if there is no such rating, or if the phone stores no cookies. The database is read only if the
    /// phone sends a ticket.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The database cannot be read.</exception>
    public async Task<GivenRating?> FindAsync(HttpRequest request, WindowEntry window, CancellationToken ct)
    {
        if (request.Headers.Cookie.Count == 0 || request.Cookies[CookieName] is not { } kept)
            return null;
        if (RatingTicket.Parse(kept, keys) is not { } ticket || ticket.WindowId != window.Id)
            return null;
        if (await reader.FindAsync(ticket.RatingId, ct) is not { State: var state })
            return null;
        return time.GetUtcNow() - state.Rating.ReceivedAt <= Correction.Window
            ? new GivenRating(state, ticket.Receipt)
            : null;
    }

    /// <summary>
    /// Finds the rating like <see cref="FindAsync"/>, for a page that was opened before that rating and now gives
    /// another one. A page that was opened later has already asked. A ticket that is already stored gives no other
    /// rating.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The database cannot be read.</exception>
    public async Task<GivenRating?> FindBeforeAsync(
        string posted,
        HttpRequest request,
        WindowEntry window,
        CancellationToken ct
    )
    {
        if (await FindAsync(request, window, ct) is not { } given)
            return null;
        if (RatingTicket.Parse(posted, keys) is not { } ticket || ticket.WindowId != window.Id)
            return null;
        if (ticket.ExpiresAt < time.GetUtcNow() || ticket.OpenedAt >= given.State.Rating.ReceivedAt)
            return null;
        return await reader.FindAsync(ticket.RatingId, ct) is null ? given : null;
    }
}

/// <summary>A stored rating with the receipt that opens it.</summary>
public sealed record GivenRating(RatingState State, Receipt Receipt);
