using System.Text.Json;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Reports;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Counts the ratings of a report again, up to the head that the report saw: their number, and the number of each grade
/// that the report shows. Any person can compute a content hash. So if the main figures of a report were rewritten,
/// only this recount detects it.
/// </summary>
internal sealed class ReportedTotals
{
    private const int DaysOfWeek = 7;

    /// <summary>
    /// The most versions of one week and scope. The program makes one a day as long as details may come in.
    /// </summary>
    private const int MostVersions = 400;

    private readonly Dictionary<(int Week, string Scope), List<Total>> _totals = [];
    private readonly HashSet<int> _weeks = [];
    private bool _hasMore;

    /// <param name="report">The report, unchanged since it was frozen.</param>
    public void Take(Report report, IsoWeek week)
    {
        using var json = JsonDocument.Parse(report.Json);
        // Every report states its number of ratings. If the number is missing, -1 is used, because no count is -1.
        var number = json.RootElement.TryGetProperty("n", out var n) ? NumberIn(n) ?? -1 : -1;
        json.RootElement.TryGetProperty("grades", out var shown);
        var key = (Week: week.Monday.DayNumber / DaysOfWeek, report.Scope);
        if (!_totals.TryGetValue(key, out var versions))
            _totals.Add(key, versions = []);
        if (versions.Count == MostVersions)
        {
            _hasMore = true;
            return;
        }
        var counts = Grades.All.Select(grade => Shown(shown, grade));
        versions.Add(new Total(report.Id, report.LedgerSequence, number, [.. counts]));
        _weeks.Add(key.Week);
    }

    /// <summary>Counts the next rating of the ledger.</summary>
    public void Count(Rating rating, Correction? correction, PlacesFound places)
    {
        // 0001-01-01 was a Monday.
        var week = rating.LocalDate.DayNumber / DaysOfWeek;
        if (!_weeks.Contains(week) || !rating.IsValid())
            return;
        foreach (var scope in places.ScopesOf(rating.WindowId, DateOnly.FromDayNumber(week * DaysOfWeek)))
            Count((week, scope), rating, correction);
    }

    /// <summary>
    /// Returns the faults after the last rating. It must be called only if the entries have no other fault.
    /// </summary>
    public IEnumerable<Fault> Differences()
    {
        var wrong = _totals
            .Values.SelectMany(versions => versions)
            .Where(total => !total.IsRight)
            .Select(total => total.Id);
        IEnumerable<Fault> faults = wrong
            .Order(StringComparer.Ordinal)
            .Select(id => new Fault(FaultKind.Tally, "Reports", id, null, null));
        return _hasMore ? faults.Append(Laws.TooMany.Fault("Reports", null)) : faults;
    }

    private void Count((int, string) key, Rating rating, Correction? correction)
    {
        if (!_totals.TryGetValue(key, out var versions))
            return;
        foreach (var total in versions.Where(total => rating.Block <= total.Sequence))
            total.Count(correction is not null && correction.Block <= total.Sequence ? correction.Grade : rating.Grade);
    }

    private static int? Shown(JsonElement grades, Grade grade) =>
        grades.ValueKind == JsonValueKind.Object && grades.TryGetProperty(Words.Wire(grade), out var shown)
            ? NumberIn(shown)
            : null;

    private static int? NumberIn(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private sealed class Total(string id, long sequence, int number, int?[] shown)
    {
        private readonly long[] _counts = new long[shown.Length];

        public string Id => id;
        public long Sequence => sequence;
        public bool IsRight =>
            _counts.Sum() == number && _counts.Zip(shown).All(pair => pair.Second is null || pair.First == pair.Second);

        public void Count(Grade grade)
        {
            if (grade.IsDefined())
                _counts[(int)grade - 1]++;
        }
    }
}
