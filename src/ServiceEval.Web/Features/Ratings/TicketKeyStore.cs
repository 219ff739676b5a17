using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>Where the ring of ticket keys is kept, for every process that issues tickets or looks at them.</summary>
public abstract class TicketKeyStore
{
    /// <summary>As an operator would find it.</summary>
    public abstract string Name { get; }

    /// <summary>Nothing was ever kept there, or it is lost.</summary>
    public abstract bool IsMissing { get; }

    /// <summary>What to do where ratings exist and the keys are missing.</summary>
    public abstract string OnMissing { get; }

    /// <summary>Their ids count up from 1.</summary>
    /// <exception cref="Hosting.StartException">It is damaged.</exception>
    public abstract IReadOnlyList<TicketKey> Load();

    /// <summary>
    /// Keeps the longer ring that <paramref name="extend"/> makes of the kept one, and returns what is kept then; of
    /// several processes that would draw a key at once, one does, and the others find it.
    /// </summary>
    public abstract IReadOnlyList<TicketKey> Extend(Func<IReadOnlyList<TicketKey>, IReadOnlyList<TicketKey>> extend);

    /// <summary>It may come back; what is known of the ring stays in use meanwhile.</summary>
    public static bool IsOutOfReach(Exception e) =>
        e is IOException or UnauthorizedAccessException or DbException or DbUpdateException;

    protected static bool IsSound(IReadOnlyList<TicketKey>? keys) =>
        keys is not null
        && keys.Index().All(k => k.Item?.Id == k.Index + 1 && k.Item.Secret?.Length == TicketKey.SecretLength);
}
