namespace ServiceEval.Core.Ratings;

/// <summary>A rating, or a row that counts ratings of one tier and standing.</summary>
public interface ICounted
{
    Tier Tier { get; }
    Standing Standing { get; }
}

/// <summary>
/// Which ratings a figure counts. Each rule has its spelling for code and its spelling for queries here, one below the
/// other, and nowhere else.
/// </summary>
public static class Counting
{
    /// <summary>主动评价: the citizen gave the rating. Only these tiers enter a board.</summary>
    public static bool IsActive(this Tier tier) => tier <= Tier.Open;

    /// <inheritdoc cref="IsActive"/>
    public static IQueryable<T> WhereActive<T>(this IQueryable<T> rows)
        where T : class, ICounted => rows.Where(r => r.Tier <= Tier.Open);

    /// <summary>有效: counted and not imputed. Every figure of a report counts only these ratings.</summary>
    public static bool IsValid(Tier tier, Standing standing) => standing == Standing.Counted && tier != Tier.Imputed;

    /// <inheritdoc cref="IsValid(Tier, Standing)"/>
    public static bool IsValid(this ICounted row) => IsValid(row.Tier, row.Standing);

    /// <inheritdoc cref="IsValid(Tier, Standing)"/>
    public static IQueryable<T> WhereValid<T>(this IQueryable<T> rows)
        where T : class, ICounted => rows.Where(r => r.Standing == Standing.Counted && r.Tier != Tier.Imputed);
}
