using System.Diagnostics.Metrics;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// The metrics of the screens: how many are connected, and how long after a commit they receive a push.
/// </summary>
public sealed class BoardMetrics
{
    public const string Meter = "ServiceEval.Boards";

    private readonly UpDownCounter<int> _screens;
    private readonly Histogram<double> _lag;

    public BoardMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        _screens = meter.CreateUpDownCounter<int>(
            "serviceeval.board.screens",
            "{screen}",
            "Screens connected to this node"
        );
        _lag = meter.CreateHistogram(
            "serviceeval.board.lag",
            "s",
            "From a commit to its push to the hall's screens",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
            }
        );
    }

    public void Connected() => _screens.Add(1);

    public void Disconnected() => _screens.Add(-1);

    public void Pushed(TimeSpan lag) => _lag.Record(lag.TotalSeconds);
}
