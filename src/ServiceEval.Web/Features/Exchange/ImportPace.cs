namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// How much is committed at once and how long is waited in between, so that citizens who rate meanwhile get their turn
/// at a
/// database with one writer. What a citizen's own commit takes on this disk just now is measured by a commit of that
/// size from
/// time to time: an import may make them wait as long again, or for a short while that nobody notices.
/// </summary>
internal sealed class ImportPace
{
    /// <summary>Time enough for whoever looks for the lock every few milliseconds.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A fifth of what may be: on a busy machine a commit takes many times its usual time, and citizens wait for it.
    /// </summary>
    private static readonly TimeSpan LeastAllowed = TimeSpan.FromMilliseconds(10);

    /// <summary>Citizens wait three seconds at most, and for their own commit too.</summary>
    private static readonly TimeSpan MostAllowed = TimeSpan.FromMilliseconds(250);

    /// <summary>As many as a citizen's commit brings when others rate at the same time.</summary>
    private const int Least = 20;
    private const int Most = 4_000;
    private const int CommitsBetweenMeasurements = 50;

    private readonly Queue<TimeSpan> _measured = [];
    private int _commits;

    /// <summary>
    /// In a commit that measures nothing. Few at first: the first commits also wait for the compiler.
    /// </summary>
    private int _rows = 50;

    /// <summary>At first often: what the first commits take says little.</summary>
    private bool IsMeasurement =>
        _commits < CommitsBetweenMeasurements ? int.IsPow2(_commits) : _commits % CommitsBetweenMeasurements == 0;

    public int Rows => IsMeasurement ? Least : _rows;

    /// <summary>
    /// As long as the commit took: half of the time is always others', however slow the disk is just then.
    /// </summary>
    public TimeSpan Pause { get; private set; } = LeastPause;

    /// <summary>A citizen's commit: the middle one of the last three measured.</summary>
    private TimeSpan OfCitizen =>
        _measured.Count == 0 ? TimeSpan.Zero : _measured.Order().ElementAt(_measured.Count / 2);

    /// <summary>A commit of that many rows took so long.</summary>
    public void Took(int rows, TimeSpan elapsed)
    {
        Pause = Within(elapsed, LeastPause, MostPause);
        _commits++;
        if (rows <= Least)
        {
            _measured.Enqueue(elapsed);
            if (_measured.Count > 3)
                _measured.Dequeue();
            // Small commits only measure: what they have shown must be tried out.
            if (_rows <= Least)
                _rows = 2 * Least;
            return;
        }
        var ofRows = elapsed - OfCitizen;
        var allowed = Within(OfCitizen, LeastAllowed, MostAllowed);
        // What one slow commit takes away, two good ones give back.
        var change = ofRows <= TimeSpan.Zero ? 1.5 : Math.Clamp(allowed / ofRows, 0.5, 1.5);
        _rows = (int)Math.Clamp(rows * change, Least, Most);
    }

    /// <summary>The database gave a commit up before it was done.</summary>
    public void TimedOut(int rows) => _rows = Math.Clamp(rows / 2, Least, Most);

    private static TimeSpan Within(TimeSpan time, TimeSpan least, TimeSpan most) =>
        time < least ? least
        : time > most ? most
        : time;
}
