namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>
/// Solves the linear system of the published figures and looks for combinations about few ratings. For such a group the
/// figures determine the grades or the difference of the grades. The arithmetic is exact modulo a prime. Gauss–Jordan
/// elimination runs several times with pivots in random order (information set decoding). A small group is a row of the
/// reduced system if one of its members is a pivot and the others are not.
/// </summary>
internal sealed class Attacker<TKnown>(int cohort, int trials)
    where TKnown : notnull
{
    private const ulong Prime = (1UL << 31) - 1;

    /// <param name="figures">For each figure, the voters that it counts, by what is known of them.</param>
    /// <param name="names">The names of the figures. If they are given, a group is named after the figures that reveal
    /// it and not after its voters.</param>
    /// <param name="sizes">The number of voters who are known by the same facts.</param>
    /// <returns>The small groups, each once, with their numbers of ratings.</returns>
    public IReadOnlyDictionary<string, int> Groups(
        IReadOnlyList<IReadOnlySet<TKnown>> figures,
        IReadOnlyDictionary<TKnown, int> sizes,
        IReadOnlyList<string>? names = null
    )
    {
        var signatures = sizes.Keys.ToDictionary(known => known, _ => new List<int>());
        foreach (var (index, figure) in figures.Index())
        {
            foreach (var known in figure)
                signatures[known].Add(index);
        }
        var columns = signatures
            .Where(s => s.Value.Count > 0)
            .GroupBy(s => string.Join(',', s.Value), StringComparer.Ordinal)
            .Select(g =>
                (
                    Rows: g.First().Value,
                    Ratings: g.Sum(s => sizes[s.Key]),
                    Name: string.Join(" + ", g.Select(s => s.Key))
                )
            )
            .ToList();
        var rows = figures.Select(_ => new List<int>()).ToList();
        foreach (var (index, column) in columns.Index())
        {
            foreach (var row in column.Rows)
                rows[row].Add(index);
        }
        // Each figure gets its own column. The column says how much of the figure is in a combination.
        if (names is not null)
            columns.AddRange(names.Select(name => (new List<int>(), 0, name)));
        var voters = columns.Count - (names?.Count ?? 0);
        if (names is not null)
            foreach (var (index, row) in rows.Index())
                row.Add(voters + index);
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var trial = 1; trial <= trials; trial++)
        {
            // A small group cannot contain a column with a cohort of ratings or more, so these columns are the first
            // pivots.
            var random = new Random(trial);
            var order = columns
                .Select(
                    (c, i) =>
                        i >= voters ? 2
                        : c.Ratings >= cohort ? -1
                        : random.NextDouble()
                )
                .ToArray();
            foreach (var (at, _) in Reduced(rows, columns.Count, order))
            {
                var ratings = at.Sum(column => columns[column].Ratings);
                if (ratings > 0 && ratings < cohort)
                    found.TryAdd(
                        string.Join(
                            " | ",
                            at.Where(c => names is null || c >= voters).Select(column => columns[column].Name)
                        ),
                        ratings
                    );
            }
        }
        return found;
    }

    private static List<(int[] At, ulong[] Values)> Reduced(List<List<int>> rows, int width, double[] order)
    {
        var work = new ulong[width];
        var echelon = new List<(int Pivot, int[] At, ulong[] Values)>();
        foreach (var row in rows)
        {
            foreach (var column in row)
                work[column] = 1;
            foreach (var above in echelon)
                Subtract(work, above);
            if (Take(work, order) is { } taken)
                echelon.Add(taken);
        }
        for (var i = echelon.Count - 1; i >= 0; i--)
        {
            var (pivot, at, values) = echelon[i];
            for (var j = 0; j < at.Length; j++)
                work[at[j]] = values[j];
            for (var below = i + 1; below < echelon.Count; below++)
                Subtract(work, echelon[below]);
            var (left, coefficients) = Nonzero(work);
            echelon[i] = (pivot, left, coefficients);
        }
        return [.. echelon.Select(row => (row.At, row.Values))];
    }

    private static void Subtract(ulong[] work, (int Pivot, int[] At, ulong[] Values) row)
    {
        if (work[row.Pivot] is not (> 0 and var factor))
            return;
        for (var i = 0; i < row.At.Length; i++)
            work[row.At[i]] = (work[row.At[i]] + (Prime - factor) * row.Values[i]) % Prime;
    }

    private static (int Pivot, int[] At, ulong[] Values)? Take(ulong[] work, double[] order)
    {
        var (at, values) = Nonzero(work);
        if (at.Length == 0)
            return null;
        var pivot = Enumerable.Range(0, at.Length).MinBy(i => order[at[i]]);
        var inverse = (ulong)System.Numerics.BigInteger.ModPow(values[pivot], Prime - 2, Prime);
        return (at[pivot], at, Array.ConvertAll(values, value => value * inverse % Prime));
    }

    private static (int[] At, ulong[] Values) Nonzero(ulong[] work)
    {
        int[] at = [.. Enumerable.Range(0, work.Length).Where(i => work[i] != 0)];
        var values = Array.ConvertAll(at, i => work[i]);
        Array.Clear(work);
        return (at, values);
    }
}
