namespace ServiceEval.Core.Storage;

public static class Timestamps
{
    /// <summary>
    /// Converts to UTC and cuts to the millisecond. Every database can store milliseconds, and every leaf can hash
    /// them.
    /// </summary>
    public static DateTimeOffset ToMilliseconds(this DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
