using System.Diagnostics.Metrics;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>The metrics of ratings: their outcomes, and the performance of the one writer.</summary>
public sealed class RatingMetrics
{
    public const string Meter = "ServiceEval.Ratings";

    private readonly Meter _meter;
    private readonly Counter<long> _given;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _commit;

    public RatingMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Meter);
        _given = _meter.CreateCounter<long>(
            "serviceeval.ratings",
            "{rating}",
            "Ratings by outcome: stored, replay, or the problem they met"
        );
        _batch = _meter.CreateHistogram(
            "serviceeval.log.batch",
            "{entry}",
            "Requests in one commit",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }
        );
        _commit = _meter.CreateHistogram(
            "serviceeval.log.commit.duration",
            "s",
            "From the batch to its durable commit, or to its refusal",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
            }
        );
    }

    // The ratings are counted once for each batch, because this is the hot path.
    public void Stored(int count) => Add(count, "stored");

    public void Replayed(int count) => Add(count, "replay");

    /// <param name="problem">The name of the problem. There are few names, and none contains text that a citizen
    /// sent.</param>
    public void Refused(string problem) => Add(1, problem);

    public void Committed(int requests, TimeSpan elapsed)
    {
        _batch.Record(requests);
        _commit.Record(elapsed.TotalSeconds);
    }

    public void ObserveQueue(Func<int> depth) =>
        _meter.CreateObservableGauge("serviceeval.log.queue", depth, "{request}", "Requests that wait for the writer");

    private void Add(int count, string outcome)
    {
        if (count > 0)
            _given.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
