using System.Text.Json;
using ServiceEval.Data.Halls;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Reports;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// A report's number of ratings, and the number of each grade where it shows them, counted again at the head that it
/// saw. Anybody can compute a content hash, so that a report whose headline was rewritten gives itself away here only.
/// </summary>
internal sealed class ReportedTotals
{
    private const int DaysOfWeek = 7;

    /// <summary>Of one week and scope. The program makes one a day while details may come in.</summary>
    private const int MostVersions = 400;

    private readonly Dictionary<(int Week, string Scope), List<Total>> _totals = [];
    private readonly HashSet<int> _weeks = [];
    private bool _hasMore;

    /// <param name="report">As it was frozen.</param>
    public void Take(Report report, IsoWeek week)
    {
        using var json = JsonDocument.Parse(report.Json);
        // Every report says how many ratings it is of; no count is -1.
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

    /// <summary>The ledger's next rating.</summary>
    public void Count(Rating rating, Correction? correction, IReadOnlyDictionary<int, string> halls)
    {
        // 0001-01-01 was a Monday.
        var week = rating.LocalDate.DayNumber / DaysOfWeek;
        if (!_weeks.Contains(week) || rating is not { Standing: Standing.Counted, Tier: not Tier.Imputed })
            return;
        Count((week, Hall.CountyScope), rating, correction);
        if (halls.TryGetValue(rating.WindowId, out var hall))
            Count((week, hall), rating, correction);
    }

    /// <summary>After the last rating, where nothing else is wrong with the entries.</summary>
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
