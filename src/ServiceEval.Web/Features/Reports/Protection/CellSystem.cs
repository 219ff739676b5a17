namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// Cell suppression over tables that share ratings. Primary suppression hides a cell of fewer ratings than a cohort.
/// Complementary suppression hides a cell that, together with the cells published before it, would disclose fewer
/// ratings than a cohort. Cells are published one by one in a fixed order. If two cells cannot both be published, the
/// later one is hidden.
/// </summary>
/// <typeparam name="TAtom">A group of ratings that no table tells apart.</typeparam>
internal sealed class CellSystem<TAtom>(int cohort)
    where TAtom : notnull
{
    private readonly Dictionary<TAtom, (int Hall, int Ratings)> _atoms = [];
    private readonly Dictionary<Cell, HashSet<TAtom>> _cells = [];

    /// <summary>Adds this number of ratings of a hall. Each of these cells counts them.</summary>
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

    /// <param name="facts">The cells that are published already.</param>
    /// <param name="rank">Cells of a lower rank come first.</param>
    /// <param name="figures">The number of published figures that a cell is. Within a rank, the cells that show most
    /// figures come first. The figures of all cells with the same ratings are added, because publishing one of these
    /// cells publishes all of them.</param>
    /// <param name="weight">Among equal cells, the cell with the higher weight comes first, and then the larger
    /// cell.</param>
    /// <returns>The cells that may be published in addition to the facts.</returns>
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
        // A large place must not be hidden for a small place, even if the small place would publish more figures.
        var ordered = candidates
            .OrderBy(cell => !facts.Contains(cell))
            .ThenBy(rank)
            .ThenByDescending(cell => cell.IsPlace ? 0 : figuresOf[cell])
            .ThenByDescending(cell => weight?.Invoke(cell) ?? 0)
            .ThenByDescending(cell => sizes[cell])
            .ThenBy(cell => cell.Place.Kind)
            .ThenBy(cell => cell.Place.Id)
            .ThenBy(cell => cell.Key)
            .ThenBy(cell => cell.Tag, StringComparer.Ordinal)
            .ToList();
        var groups = Groups(ordered);
        var whole = new LinearCombinations([.. groups.SelectMany(h => h.Sizes)], cohort);
        var halls = groups.Select(h => new LinearCombinations(h.Sizes, cohort)).ToList();
        var first = groups.Select((_, i) => groups.Take(i).Sum(h => h.Sizes.Count)).ToList();
        List<Cell> published = [];
        foreach (var cell in ordered)
        {
            var parts = groups
                .Select(h => _cells[cell].Where(h.Of.ContainsKey).Select(atom => h.Of[atom]).Distinct().ToArray())
                .ToList();
            int[] all = [.. parts.SelectMany((part, i) => part.Select(group => first[i] + group))];
            // The tables of one hall are small enough for a closer search.
            var hall = parts.Count(part => part.Length > 0) == 1 ? parts.FindIndex(part => part.Length > 0) : -1;
            if (facts.Contains(cell))
            {
                whole.Add(all);
                if (hall >= 0)
                    halls[hall].Add(parts[hall]);
                continue;
            }
            IReadOnlyList<Remainder>? inHall = hall < 0 ? [] : halls[hall].Check(parts[hall]);
            if (inHall is null || whole.Check(all) is not { } inWhole)
                continue;
            whole.Add(inWhole);
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

    /// <summary>
    /// Groups the atoms by hall. Atoms in the same cells cannot be told apart, so they form one group.
    /// </summary>
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
