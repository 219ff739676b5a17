namespace ServiceEval.Simulator;

/// <summary>Writes the progress to standard error at an interval, and the final state at the end.</summary>
internal sealed class Progress : IDisposable
{
    private readonly Func<string> _sentence;
    private readonly ITimer _timer;

    public Progress(TimeProvider time, Func<string> sentence)
    {
        _sentence = sentence;
        // In a redirected output (a log), a line every 10 seconds is enough. On a terminal, the line is rewritten in
        // place every second.
        var (interval, end) = Console.IsErrorRedirected
            ? (TimeSpan.FromSeconds(10), "\n")
            : (TimeSpan.FromSeconds(1), "\r");
        _timer = time.CreateTimer(_ => Say(end), null, interval, interval);
    }

    public void Done()
    {
        _timer.Dispose();
        Say("\n");
    }

    public void Dispose() => _timer.Dispose();

    private void Say(string end) => Console.Error.Write(_sentence() + end);
}
