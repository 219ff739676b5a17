namespace ServiceEval.Core.Ledger;

/// <summary>
/// The rule for the time of a block. The time is never before the time of the previous block, as long as clocks are set
/// back, or differ between nodes, by at most <see cref="SetBack"/>. A clock that was further ahead was wrong. Then the
/// next block has the right time, and verification reports that times run backwards there.
/// </summary>
public static class CommitTime
{
    public static readonly TimeSpan SetBack = TimeSpan.FromHours(1);

    public static DateTimeOffset After(DateTimeOffset? previous, DateTimeOffset now) =>
        previous is { } before && now < before && before - now <= SetBack ? before : now;
}
