namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>The three weeks before, with what their reports show: four weeks together need each of the four.</summary>
internal sealed class WeeksBefore
{
    private const int Weeks = 3;

    private readonly List<PublishedWeek> _weeks;
    private readonly HashSet<Cell> _hidden;
    private readonly int _minimumN;

    /// <param name="weeks">The newest first, each with its newest reports.</param>
    /// <param name="minimumN">Of fewer ratings no rate is computed.</param>
    public WeeksBefore(IEnumerable<(PublishedWeek Week, IReadOnlyList<FrozenReport> Reports)> weeks, int minimumN)
    {
        var newest = weeks.Take(Weeks).ToList();
        (_minimumN, _weeks) = (minimumN, newest.ConvertAll(week => week.Week));
        _hidden = [.. newest.SelectMany(week => week.Reports).SelectMany(report => report.Hidden)];
    }

    /// <summary>How many ratings the four weeks have.</summary>
    public int Together(Cell cell, int now) => now + _weeks.Sum(week => week.Counts(cell).Total);

    /// <summary>Whether the cell has too few ratings for a rate, and four weeks together would have one.</summary>
    public bool Completes(Cell cell, int now) =>
        now < _minimumN && !_hidden.Contains(cell) && Together(cell, now) >= _minimumN;
}
