using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>Stores the ring of ticket keys for every process that issues or checks tickets.</summary>
public abstract class TicketKeyStore
{
    /// <summary>The name under which an operator finds the store.</summary>
    public abstract string Name { get; }

    /// <summary>Whether no key was ever stored, or the keys are lost.</summary>
    public abstract bool IsMissing { get; }

    /// <summary>The instruction if ratings exist and the keys are missing.</summary>
    public abstract string OnMissing { get; }

    /// <summary>Reads the keys. Their ids count up from 1.</summary>
    /// <exception cref="Hosting.OperatorException">The store is damaged.</exception>
    public abstract IReadOnlyList<TicketKey> Load();

    /// <summary>
    /// Stores the longer ring that <paramref name="extend"/> makes of the stored one, and returns the ring that is
    /// stored afterwards. If several processes want to create a key at the same time, one of them creates it, and the
    /// others find it.
    /// </summary>
    public abstract IReadOnlyList<TicketKey> Extend(Func<IReadOnlyList<TicketKey>, IReadOnlyList<TicketKey>> extend);

    /// <summary>
    /// Returns whether the store cannot be reached now. It may become available again, and until then the known keys
    /// stay in use.
    /// </summary>
    public static bool IsOutOfReach(Exception e) =>
        e is IOException or UnauthorizedAccessException or DbException or DbUpdateException;

    protected static bool IsSound(IReadOnlyList<TicketKey>? keys) =>
        keys is not null
        && keys.Index().All(k => k.Item?.Id == k.Index + 1 && k.Item.Secret?.Length == TicketKey.SecretLength);
}
