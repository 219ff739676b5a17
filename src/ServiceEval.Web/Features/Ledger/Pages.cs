namespace ServiceEval.Web.Features.Ledger;

internal static class Pages
{
    /// <summary>One stream out of pages; each is asked for with the last row of the one before.</summary>
    public static async IAsyncEnumerable<T> Read<T>(Func<T?, Task<IReadOnlyList<T>>> next) where T : class
    {
        T? last = null;
        while (await next(last) is { Count: > 0 } page)
        {
            foreach (var row in page) yield return row;
            last = page[^1];
        }
    }
}
