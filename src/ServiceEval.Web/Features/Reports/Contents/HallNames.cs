namespace ServiceEval.Web.Features.Reports.Contents;

/// <summary>
/// Shortens the names of halls in a report about several halls: removes the county's name if all of them begin with it.
/// Every table, chart and sentence of the report uses the short name.
/// </summary>
public static class HallNames
{
    private static readonly System.Buffers.SearchValues<char> Ends = System.Buffers.SearchValues.Create("县市区");

    /// <param name="all">The full names of all halls of the report.</param>
    public static string Shorten(string name, IReadOnlyCollection<string> all)
    {
        if (all.Count < 2)
            return name;
        var (first, last) = (all.Min(StringComparer.Ordinal)!, all.Max(StringComparer.Ordinal)!);
        var common = first.Zip(last).TakeWhile(p => p.First == p.Second).Count();
        var county = common > 0 ? first.AsSpan(0, common).LastIndexOfAny(Ends) : -1;
        return county >= 0 && name.StartsWith(first[..(county + 1)], StringComparison.Ordinal)
            ? name[(county + 1)..]
            : name;
    }
}
