using Microsoft.Net.Http.Headers;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The rating that this phone gave at this window in the last two minutes. Back after a mistap, or a second tab, would
/// otherwise count twice what one person meant once (decision 0032).
/// </summary>
public sealed class JustRated(TicketKeys keys, RatingReader reader, TimeProvider time)
{
    private const string CookieName = "serviceeval-rated";

    /// <summary>
    /// The phone keeps the rating's ticket: it is signed, names its rating, and can give no second one.
    /// </summary>
    /// <param name="code">Of the window's page, as the address has it: the cookie goes there and nowhere else.</param>
    public static void Note(HttpContext http, string code, string ticket)
    {
        var life = (int)Correction.Window.TotalSeconds;
        http.Response.Headers.Append(
            HeaderNames.SetCookie,
            $"{CookieName}={ticket}; max-age={life}; path=/w/{code}; samesite=lax; httponly{(http.Request.IsHttps ? "; secure" : "")}"
        );
    }

    /// <summary>
    /// Null where there is none, or the phone keeps no cookies. Only a phone that names one costs a look into the
    /// database.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The database can't be read.</exception>
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
    /// As <see cref="FindAsync"/>, for a page that was opened before that rating and now gives another one. A page
    /// opened after it has asked already, and a ticket that is stored gives nothing.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The database can't be read.</exception>
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
