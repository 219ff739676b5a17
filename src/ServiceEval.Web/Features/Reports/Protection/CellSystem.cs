namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// Cell suppression over tables that share ratings. Primary: a cell of fewer ratings than a cohort. Complementary: a
/// cell that, with the cells published before it, would give away fewer ratings than a cohort. Cells are published in
/// the order of their weight, so that of two cells that can't both be published the smaller one is hidden.
/// </summary>
/// <typeparam name="TAtom">Ratings that no table tells apart.</typeparam>
internal sealed class CellSystem<TAtom>(int cohort)
    where TAtom : notnull
{
    private readonly Dictionary<TAtom, (int Hall, int Ratings)> _atoms = [];
    private readonly Dictionary<Cell, HashSet<TAtom>> _cells = [];

    /// <summary>So many ratings more of a hall that each of these cells counts.</summary>
    public void Add(int hall, TAtom atom, int ratings, params ReadOnlySpan<Cell> cells)
    {
        if (ratings == 0)
            return;
        _atoms[atom] = (hall, _atoms.GetValueOrDefault(atom).Ratings + ratings);
        foreach (var cell in cells)
        {
            if (!_cells.TryGetValue(cell, out var atoms))
                _cells[cell] = atoms = [];
            atoms.Add(atom);
        }
    }

    /// <param name="facts">Published already.</param>
    /// <param name="rank">Cells of a lower rank come first.</param>
    /// <param name="figures"> How many published figures a cell is. Within a rank those come first that show most
    /// figures, counting those of the cells with the same ratings: to publish one is to publish them all. </param>
    /// <param name="weight">Among equals the higher comes first, and then the larger.</param>
    /// <returns>The cells that may be published beside the facts.</returns>
    public IReadOnlyList<Cell> Publish(
        IReadOnlySet<Cell> facts,
        Func<Cell, int> rank,
        Func<Cell, int>? figures = null,
        Func<Cell, int>? weight = null
    )
    {
        var sizes = _cells.ToDictionary(c => c.Key, c => c.Value.Sum(atom => _atoms[atom].Ratings));
        List<Cell> candidates = [.. _cells.Keys.Where(cell => sizes[cell] >= cohort || facts.Contains(cell))];
        var figuresOf = FiguresOf(candidates, figures ?? (_ => 1));
        // A large place is not hidden for a small one, whatever else is published with that.
        var ordered = candidates
            .OrderBy(cell => !facts.Contains(cell))
            .ThenBy(rank)
            .ThenByDescending(cell => cell.IsPlace ? 0 : figuresOf[cell])
            .ThenByDescending(cell => weight?.Invoke(cell) ?? 0)
            .ThenByDescending(cell => sizes[cell])
            .ThenBy(cell => cell.Hall)
            .ThenBy(cell => cell.Key)
            .ThenBy(cell => cell.Tag, StringComparer.Ordinal)
            .ToList();
        var groups = Groups(ordered);
        var county = new LinearCombinations([.. groups.SelectMany(h => h.Sizes)], cohort);
        var halls = groups.Select(h => new LinearCombinations(h.Sizes, cohort)).ToList();
        var first = groups.Select((_, i) => groups.Take(i).Sum(h => h.Sizes.Count)).ToList();
        List<Cell> published = [];
        foreach (var cell in ordered)
        {
            var parts = groups
                .Select(h => _cells[cell].Where(h.Of.ContainsKey).Select(atom => h.Of[atom]).Distinct().ToArray())
                .ToList();
            int[] all = [.. parts.SelectMany((part, i) => part.Select(group => first[i] + group))];
            // A hall's own tables are small enough to be searched more closely.
            var hall = parts.Count(part => part.Length > 0) == 1 ? parts.FindIndex(part => part.Length > 0) : -1;
            if (facts.Contains(cell))
            {
                county.Add(all);
                if (hall >= 0)
                    halls[hall].Add(parts[hall]);
                continue;
            }
            IReadOnlyList<Remainder>? inHall = hall < 0 ? [] : halls[hall].Check(parts[hall]);
            if (inHall is null || county.Check(all) is not { } inCounty)
                continue;
            county.Add(inCounty);
            if (hall >= 0)
                halls[hall].Add(inHall);
            published.Add(cell);
        }
        return published;
    }

    private Dictionary<Cell, int> FiguresOf(List<Cell> cells, Func<Cell, int> figures)
    {
        var same = cells.GroupBy(cell => _cells[cell], HashSet<TAtom>.CreateSetComparer());
        return same.SelectMany(twins => twins, (twins, cell) => (cell, Sum: twins.Sum(figures)))
            .ToDictionary(c => c.cell, c => c.Sum);
    }

    /// <summary>By hall. Atoms that lie in the same cells can't be told apart: they are one group.</summary>
    private List<(Dictionary<TAtom, int> Of, List<int> Sizes)> Groups(List<Cell> cells)
    {
        var signatures = _atoms.Keys.ToDictionary(atom => atom, _ => new List<int>());
        foreach (var (index, cell) in cells.Index())
        {
            foreach (var atom in _cells[cell])
                signatures[atom].Add(index);
        }
        return
        [
            .. signatures
                .Where(s => s.Value.Count > 0)
                .GroupBy(s => _atoms[s.Key].Hall)
                .OrderBy(h => h.Key)
                .Select(hall =>
                {
                    var (of, sizes) = (new Dictionary<TAtom, int>(), new List<int>());
                    foreach (
                        var group in hall.GroupBy(s => string.Join(',', s.Value), s => s.Key, StringComparer.Ordinal)
                            .OrderBy(g => g.Key, StringComparer.Ordinal)
                    )
                    {
                        foreach (var atom in group)
                            of[atom] = sizes.Count;
                        sizes.Add(group.Sum(atom => _atoms[atom].Ratings));
                    }
                    return (of, sizes);
                }),
        ];
    }
}
