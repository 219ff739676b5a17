namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// How much is committed at once and how long is waited in between, so that citizens who rate meanwhile get their turn at a
/// database with one writer.
/// </summary>
internal sealed class ImportPace
{
    /// <summary>Time enough for whoever looks for the lock every few milliseconds.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(1);

    /// <summary>A fifth of what may be: on a busy machine a commit takes many times its usual time, and citizens wait for it.</summary>
    private static readonly TimeSpan Aim = TimeSpan.FromMilliseconds(10);

    private const int Least = 20;
    private const int Most = 4_000;

    /// <summary>Small at first: the first commits also wait for the compiler.</summary>
    public int Rows { get; private set; } = 50;

    /// <summary>As long as the commit took: half of the time is always others', however slow the disk is just then.</summary>
    public TimeSpan Pause { get; private set; } = LeastPause;

    /// <summary>A commit took so long.</summary>
    public void Took(TimeSpan elapsed)
    {
        Pause = elapsed < LeastPause ? LeastPause : elapsed > MostPause ? MostPause : elapsed;
        // What one slow commit takes away, two good ones give back.
        Rows = (int)Math.Clamp(Rows * Math.Clamp(Aim / elapsed, 0.5, 1.5), Least, Most);
    }
}
