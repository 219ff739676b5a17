namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// The three weeks before, with the cells that their reports show. Four weeks together need a cell to be shown in each
/// of the four weeks.
/// </summary>
internal sealed class WeeksBefore
{
    private const int Weeks = 3;

    private readonly List<PublishedWeek> _weeks;
    private readonly HashSet<Cell> _hidden;
    private readonly int _minimumN;

    /// <param name="weeks">The newest week first, each with its newest reports.</param>
    /// <param name="minimumN">The smallest number of ratings for which a rate is computed.</param>
    public WeeksBefore(IEnumerable<(PublishedWeek Week, IReadOnlyList<FrozenReport> Reports)> weeks, int minimumN)
    {
        var newest = weeks.Take(Weeks).ToList();
        (_minimumN, _weeks) = (minimumN, newest.ConvertAll(week => week.Week));
        _hidden = [.. newest.SelectMany(week => week.Reports).SelectMany(report => report.Hidden)];
    }

    /// <summary>Returns the number of ratings in the four weeks together.</summary>
    public int Together(Cell cell, int now) => now + _weeks.Sum(week => week.Counts(cell).Total);

    /// <summary>Returns whether the cell has too few ratings for a rate and four weeks together have enough.</summary>
    public bool Completes(Cell cell, int now) =>
        now < _minimumN && !_hidden.Contains(cell) && Together(cell, now) >= _minimumN;
}
