namespace ServiceEval.Data.Ledger;

/// <summary>
/// A block's time never lies before the time of the block it follows, while clocks are set back, or differ between
/// nodes, by no more than <see cref="SetBack"/>. A clock that was further ahead was wrong: the next block then has the
/// right time, and verification tells that times run backwards there.
/// </summary>
public static class CommitTime
{
    public static readonly TimeSpan SetBack = TimeSpan.FromHours(1);

    public static DateTimeOffset After(DateTimeOffset? previous, DateTimeOffset now) =>
        previous is { } before && now < before && before - now <= SetBack ? before : now;
}
