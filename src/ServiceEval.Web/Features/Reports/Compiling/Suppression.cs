namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Which rows of one table keep their grades to themselves. Reports that were frozen with all rows are shown by it.
/// </summary>
internal static class Suppression
{
    /// <summary>
    /// Those with fewer ratings than a cohort; and while all that is hidden makes less than one, the next smallest too,
    /// for otherwise the total less what is shown gives it away.
    /// </summary>
    /// <returns>Indices of rows.</returns>
    public static HashSet<int> Hidden(IEnumerable<int> totals, int cohort)
    {
        var hidden = new HashSet<int>();
        var sum = 0;
        foreach (var (index, n) in totals.Index().Where(p => p.Item > 0).OrderBy(r => r.Item))
        {
            if (n >= cohort && (sum == 0 || sum >= cohort))
                break;
            hidden.Add(index);
            sum += n;
        }
        return hidden;
    }
}
