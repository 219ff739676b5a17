namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Which rows of a table keep their grades to themselves, so that nobody can tell who gave which.</summary>
internal static class Suppression
{
    /// <summary>
    /// Those with fewer ratings than a cohort; and while all that is hidden makes less than one, the next smallest too, for
    /// otherwise the total less what is shown gives it away.
    /// </summary>
    /// <param name="anyway">Rows that are hidden for another reason.</param>
    /// <returns>Indices of rows.</returns>
    public static HashSet<int> Hidden(IEnumerable<int> totals, int cohort, Func<int, bool>? anyway = null)
    {
        var rows = totals.Index().Where(p => p.Item > 0).ToList();
        var hidden = rows.Select(r => r.Index).Where(index => anyway?.Invoke(index) == true).ToHashSet();
        var sum = rows.Where(r => hidden.Contains(r.Index)).Sum(r => r.Item);
        foreach (var (index, n) in rows.Where(r => !hidden.Contains(r.Index)).OrderBy(r => r.Item))
        {
            if (n >= cohort && (sum == 0 || sum >= cohort)) break;
            hidden.Add(index);
            sum += n;
        }
        return hidden;
    }

    /// <summary>Hidden in each group by itself: a hall's own report has the same windows hidden as the county's.</summary>
    public static HashSet<TKey> HiddenKeys<TKey, TGroup>(IEnumerable<TKey> keys, Func<TKey, TGroup> group, Func<TKey, int> n, int cohort)
    {
        var hidden = new HashSet<TKey>();
        foreach (var members in keys.GroupBy(group).Select(g => g.ToList()))
            hidden.UnionWith(Hidden(members.Select(n), cohort).Select(index => members[index]));
        return hidden;
    }
}
