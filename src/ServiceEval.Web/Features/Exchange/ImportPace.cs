namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The number of rows in a commit and the pause after it (backpressure). Citizens who rate during an import need their
/// turn at a database with one writer. From time to time the import commits as few rows as a citizen's commit has, and
/// so measures how long such a commit takes on this disk now. The import may make citizens wait for the same time
/// again, or for a time so short that nobody notices it.
/// </summary>
internal sealed class ImportPace
{
    /// <summary>
    /// The shortest pause. It is long enough for a waiting writer, which polls for the lock every few milliseconds.
    /// </summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The least time that the rows of a commit may take. It is a fifth of the acceptable delay. On a busy machine a
    /// commit takes many times its usual time, and citizens wait for it.
    /// </summary>
    private static readonly TimeSpan LeastAllowed = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// The most time that the rows of a commit may take. Citizens wait three seconds at most, and this time includes
    /// their own commit.
    /// </summary>
    private static readonly TimeSpan MostAllowed = TimeSpan.FromMilliseconds(250);

    /// <summary>The number of rows in a citizen's commit while others rate at the same time.</summary>
    private const int Least = 20;
    private const int Most = 4_000;
    private const int CommitsBetweenMeasurements = 50;

    private readonly Queue<TimeSpan> _measured = [];
    private int _commits;

    /// <summary>
    /// The number of rows in a commit that is not a measurement. It is small at first, because the first commits also
    /// wait for the JIT compiler.
    /// </summary>
    private int _rows = 50;

    /// <summary>
    /// Whether the next commit is a measurement. Measurements are frequent at first, because the durations of the first
    /// commits say little.
    /// </summary>
    private bool IsMeasurement =>
        _commits < CommitsBetweenMeasurements ? int.IsPow2(_commits) : _commits % CommitsBetweenMeasurements == 0;

    public int Rows => IsMeasurement ? Least : _rows;

    /// <summary>
    /// The pause after a commit. It is as long as the commit took, so that half of the time belongs to others even if
    /// the disk is slow.
    /// </summary>
    public TimeSpan Pause { get; private set; } = LeastPause;

    /// <summary>The duration of a citizen's commit: the median of the last three measurements.</summary>
    private TimeSpan OfCitizen =>
        _measured.Count == 0 ? TimeSpan.Zero : _measured.Order().ElementAt(_measured.Count / 2);

    /// <summary>Adapts the pace to the duration of a commit with this number of rows.</summary>
    public void Took(int rows, TimeSpan elapsed)
    {
        Pause = Within(elapsed, LeastPause, MostPause);
        _commits++;
        if (rows <= Least)
        {
            _measured.Enqueue(elapsed);
            if (_measured.Count > 3)
                _measured.Dequeue();
            // A small commit only measures. If the import commits no more than that, it must try a larger commit after
            // the measurement.
            if (_rows <= Least)
                _rows = 2 * Least;
            return;
        }
        var ofRows = elapsed - OfCitizen;
        var allowed = Within(OfCitizen, LeastAllowed, MostAllowed);
        // Two fast commits restore the rows that one slow commit takes away.
        var change = ofRows <= TimeSpan.Zero ? 1.5 : Math.Clamp(allowed / ofRows, 0.5, 1.5);
        _rows = (int)Math.Clamp(rows * change, Least, Most);
    }

    /// <summary>Halves the number of rows after the database gave up a commit because of a time-out.</summary>
    public void TimedOut(int rows) => _rows = Math.Clamp(rows / 2, Least, Most);

    private static TimeSpan Within(TimeSpan time, TimeSpan least, TimeSpan most) =>
        time < least ? least
        : time > most ? most
        : time;
}
