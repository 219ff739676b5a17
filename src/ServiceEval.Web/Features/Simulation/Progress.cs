namespace ServiceEval.Web.Features.Simulation;

/// <summary>Says on standard error how far it is, and when it is done how far it came.</summary>
internal sealed class Progress : IDisposable
{
    private readonly Func<string> _sentence;
    private readonly ITimer _timer;

    public Progress(TimeProvider time, Func<string> sentence)
    {
        _sentence = sentence;
        // A line now and then where it is kept, a counter that stays in its place where somebody looks at it.
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
