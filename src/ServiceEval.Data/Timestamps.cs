namespace ServiceEval.Data;

public static class Timestamps
{
    /// <summary>UTC cut to the millisecond: what every database can hold and every leaf can hash.</summary>
    public static DateTimeOffset ToMilliseconds(this DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
