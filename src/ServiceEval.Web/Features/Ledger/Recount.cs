using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Reads every entry: puts it into its place, checks it against the rules, and counts all entries into new tallies.
/// </summary>
internal sealed class Recount(
    Entries entries,
    ReadCoverage coverage,
    Segments segments,
    Suspects suspects,
    EntryJudge judge,
    TallyRecount tallies
)
{
    private const int ProgressStep = 100_000;

    public TallyRecount Tallies => tallies;
    public long Ratings { get; private set; }

    public async Task RunAsync(IProgress<long>? progress, CancellationToken ct)
    {
        do
        {
            await entries.ReadAsync(group => TakeAsync(group, progress, ct), ct);
            if (segments.IsFirstPass)
                tallies.End();
        } while (segments.EndPass());
    }

    private async ValueTask TakeAsync(EntryGroup group, IProgress<long>? progress, CancellationToken ct)
    {
        if (segments.IsFirstPass)
        {
            if (group.RatingEntry is { } rating && coverage.Covers(rating.Row.Block) && ++Ratings % ProgressStep == 0)
                progress?.Report(Ratings);
            tallies.Count(group);
        }
        if (group.RatingEntry is { } entry && await PlaceAsync(entry, ct) is { } place)
            judge.Judge(entry, group, place);
        foreach (var appended in group.Appended)
            if (await PlaceAsync(appended, ct) is { } own)
                judge.Judge(appended, group, own);
    }

    /// <summary>
    /// Puts the entry into its place. Returns its block if the entry has the place and is unchanged since its commit.
    /// </summary>
    private async ValueTask<PlacedIn?> PlaceAsync(Entry entry, CancellationToken ct)
    {
        if (!coverage.Covers(entry.Row.Block))
            return null;
        var (placing, place) = await segments.TakeAsync(entry.Row, ct);
        if (placing == Placing.NoBlock)
            suspects.HasStrays = true;
        else if (placing == Placing.Refused || entry.Altered)
            suspects.Add(entry.Row.Block);
        return entry.Altered ? null : place;
    }
}

/// <summary>The tallies computed from the entries.</summary>
/// <param name="reports">The totals of reports that are counted as well; null for none.</param>
/// <param name="places">The places of the windows, for the totals of reports.</param>
internal sealed class TallyRecount(TallySums sums, ReportedTotals? reports = null, PlacesFound? places = null)
{
    private const int MostKept = 50_000;

    private readonly TallyChanges _changes = new();
    private readonly Dictionary<WindowKey, GradeCounts> _windows = [];
    private readonly Dictionary<int, GradeCounts> _replaced = [];

    public long Ratings { get; private set; }
    public TallySums Sums => sums;
    public IReadOnlyDictionary<WindowKey, GradeCounts> Windows => _windows;

    /// <summary>The grades that corrections have replaced, by window.</summary>
    public IReadOnlyDictionary<int, GradeCounts> Replaced => _replaced;

    public void Count(EntryGroup group)
    {
        if (group.Rating is not { } rating)
            return;
        Ratings++;
        if (!rating.Grade.IsDefined())
            return;
        _changes.Add(rating);
        reports?.Count(rating, group.Correction, places!);
        if (group.Appended.Count > 0)
            CountAppended(group, rating);
        if (_changes.Keys > MostKept)
            End();
    }

    /// <summary>Adds the counts that are still buffered to the sums.</summary>
    public void End()
    {
        sums.Add(_changes);
        foreach (var (key, counts) in _changes.Windows)
            _windows[key] = _windows.GetValueOrDefault(key) + counts;
        _changes.Clear();
    }

    private void CountAppended(EntryGroup group, Rating rating)
    {
        var state = new RatingState(rating) { Correction = group.Correction };
        if (!state.Grade.IsDefined())
            return;
        foreach (var entry in group.Appended)
            if (entry.Row is RatingDetail detail && group.BelongsToRating(entry))
                state.Add(detail);
        if (state.Correction is { } correction && correction.ReplacedGrade.IsDefined())
        {
            _changes.Correct(rating, correction, null);
            _replaced[rating.WindowId] =
                _replaced.GetValueOrDefault(rating.WindowId) + GradeCounts.One(correction.ReplacedGrade);
        }
        if (state.Detail is { } inForce)
            _changes.Add(rating, inForce);
    }
}
