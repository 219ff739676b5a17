using ServiceEval.Web.Features.Reports.Compiling;

namespace ServiceEval.Web.Features.Reports.Contents;

/// <summary>
/// Selects the rows of one table whose grades are hidden. It is used to show reports that were frozen with the grades
/// of all rows.
/// </summary>
internal static class Suppression
{
    /// <summary>
    /// Hides the rows with fewer ratings than a cohort (primary suppression). While all hidden rows together have fewer
    /// ratings than a cohort, the next smallest row is hidden too (complementary suppression). Otherwise the total
    /// minus the shown rows would disclose the hidden rows.
    /// </summary>
    /// <returns>The indices of the hidden rows.</returns>
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
