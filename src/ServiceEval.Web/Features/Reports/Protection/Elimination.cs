namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>A sum of published sums that contains no pivot's group: its groups and their coefficients.</summary>
internal readonly record struct Remainder(int[] Groups, ulong[] Coefficients);

/// <summary>
/// Gauss–Jordan elimination of sums over groups, exact modulo a prime. The pivot of a row is in no other row.
/// </summary>
/// <param name="salt">Selects other pivots for each elimination. Groups with at least <paramref name="least"/> ratings
/// are taken as pivots first.</param>
internal sealed class Elimination(IReadOnlyList<int> sizes, int least, int salt)
{
    // A Mersenne prime. The coefficients of sums of sums are small, so no coefficient is a multiple of the prime by
    // chance.
    private const ulong Prime = (1UL << 31) - 1;

    private readonly List<Row> _rows = [];
    private readonly ulong[] _work = new ulong[sizes.Count];

    private sealed record Row(int Pivot, int[] Groups, ulong[] Coefficients);

    public Remainder Reduce(IReadOnlyList<int> groups)
    {
        foreach (var group in groups)
            _work[group] = 1;
        foreach (var row in _rows)
            Subtract(row);
        return Take();
    }

    /// <summary>
    /// Returns whether the remainder contains at least one rating but too few ratings, either alone or with up to this
    /// number of rows added or subtracted.
    /// </summary>
    public bool IsLight(Remainder rest, int rows)
    {
        var ratings = rest.Groups.Sum(group => sizes[group]);
        if (ratings == 0)
            return false;
        if (ratings < least)
            return true;
        Put(rest);
        var found = rows > 0 && IsLightWithRows(ratings, 0, rows);
        Array.Clear(_work);
        return found;
    }

    private bool IsLightWithRows(int ratings, int from, int rows)
    {
        for (var i = from; i < _rows.Count; i++)
        {
            foreach (var factor in (ulong[])[1, Prime - 1])
            {
                var left = ratings + Change(_rows[i], factor);
                if (left > 0 && left < least)
                    return true;
                if (rows == 1)
                    continue;
                AddTimes(_rows[i], factor);
                var found = IsLightWithRows(left, i + 1, rows - 1);
                AddTimes(_rows[i], Prime - factor);
                if (found)
                    return true;
            }
        }
        return false;
    }

    /// <summary>Returns by how many ratings the current sum would grow if this row were added.</summary>
    private int Change(Row row, ulong factor)
    {
        var change = 0;
        for (var i = 0; i < row.Groups.Length; i++)
        {
            var before = _work[row.Groups[i]];
            if (before == 0)
                change += sizes[row.Groups[i]];
            else if ((before + factor * row.Coefficients[i]) % Prime == 0)
                change -= sizes[row.Groups[i]];
        }
        return change;
    }

    public void Add(Remainder rest)
    {
        if (rest.Groups.Length == 0)
            return;
        var at = Enumerable
            .Range(0, rest.Groups.Length)
            .MaxBy(i => (sizes[rest.Groups[i]] >= least, Mix(rest.Groups[i])));
        var inverse = Power(rest.Coefficients[at], Prime - 2);
        var added = new Row(
            rest.Groups[at],
            rest.Groups,
            Array.ConvertAll(rest.Coefficients, c => c * inverse % Prime)
        );
        for (var i = 0; i < _rows.Count; i++)
        {
            if (Array.BinarySearch(_rows[i].Groups, added.Pivot) < 0)
                continue;
            Put(new(_rows[i].Groups, _rows[i].Coefficients));
            Subtract(added);
            var (groups, coefficients) = Take();
            _rows[i] = new(_rows[i].Pivot, groups, coefficients);
        }
        _rows.Add(added);
    }

    private void Subtract(Row row)
    {
        if (_work[row.Pivot] is > 0 and var factor)
            AddTimes(row, Prime - factor);
    }

    private void AddTimes(Row row, ulong factor)
    {
        for (var i = 0; i < row.Groups.Length; i++)
            _work[row.Groups[i]] = (_work[row.Groups[i]] + factor * row.Coefficients[i]) % Prime;
    }

    private void Put(Remainder rest)
    {
        for (var i = 0; i < rest.Groups.Length; i++)
            _work[rest.Groups[i]] = rest.Coefficients[i];
    }

    private Remainder Take()
    {
        var count = 0;
        foreach (var coefficient in _work)
            count += coefficient == 0 ? 0 : 1;
        var (groups, coefficients) = (new int[count], new ulong[count]);
        for (var group = _work.Length - 1; count > 0; group--)
        {
            if (_work[group] == 0)
                continue;
            (groups[--count], coefficients[count]) = (group, _work[group]);
            _work[group] = 0;
        }
        return new(groups, coefficients);
    }

    private uint Mix(int group)
    {
        var mixed = unchecked(((uint)group + 1) * 2654435761 + (uint)salt * 2246822519);
        mixed = unchecked((mixed ^ (mixed >> 15)) * 3266489917);
        return mixed ^ (mixed >> 13);
    }

    private static ulong Power(ulong value, ulong exponent)
    {
        var result = 1UL;
        for (; exponent > 0; exponent >>= 1, value = value * value % Prime)
        {
            if ((exponent & 1) == 1)
                result = result * value % Prime;
        }
        return result;
    }
}
