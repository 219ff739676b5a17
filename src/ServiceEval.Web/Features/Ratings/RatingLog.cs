using System.Diagnostics;
using System.Threading.Channels;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Group commit: requests wait in a bounded channel, and one writer commits the waiting requests as one transaction. A
/// caller gets the answer after the commit is durable, or an error at once if nothing was stored.
/// </summary>
public sealed partial class RatingLog(IRatingStore store, RatingMetrics metrics, ILogger<RatingLog> logger)
    : BackgroundService
{
    private const int QueueBound = 8_192;
    private const int BatchBound = 1_000;
    private const int TurnsGiven = 4;

    /// <summary>
    /// If the database is unreachable, a batch takes more than two seconds. A request that has waited longer than this
    /// time is refused and does not wait for another batch.
    /// </summary>
    private static readonly TimeSpan PatienceWithRefusal = TimeSpan.FromSeconds(0.4);

    private readonly Channel<Pending> _queue = System.Threading.Channels.Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(QueueBound) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    /// <summary>
    /// Raised after each durable commit that appended something. A handler must return at once and do its work later.
    /// </summary>
    public event Action<CommitResult>? Committed;

    /// <exception cref="NotStoredException">The queue is full or the database refused. Nothing was stored.</exception>
    /// <exception cref="OutcomeUnknownException">It is unknown whether the request was stored. A retry gives the answer
    /// and cannot count twice.</exception>
    public Task<LogResult> AppendAsync(LogRequest request)
    {
        var pending = new Pending(request);
        return _queue.Writer.TryWrite(pending)
            ? pending.Done.Task
            : Task.FromException<LogResult>(new NotStoredException("The queue is full or the service is stopping."));
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.ObserveQueue(() => _queue.Reader.Count);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Requests in the queue are written even if the host is stopping. The end of the channel, and not the token,
        // ends the loop.
        using var stopping = stoppingToken.Register(() => _queue.Writer.TryComplete());
        var batch = new List<Pending>(BatchBound);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            // A commit costs nearly as much for one request as for many. So requests that are being read now join the
            // batch.
            for (var turn = 0; turn < TurnsGiven && _queue.Reader.Count < BatchBound; turn++)
                await Task.Yield();
            while (batch.Count < BatchBound && _queue.Reader.TryRead(out var pending))
                batch.Add(pending);
            await CommitAsync(batch);
        }
    }

    private async Task CommitAsync(List<Pending> batch)
    {
        CommitResult commit;
        var start = Stopwatch.GetTimestamp();
        try
        {
            commit = await store.CommitAsync(batch.ConvertAll(p => p.Request), CancellationToken.None);
        }
        catch (Exception e) when (e is not (NotStoredException or OutcomeUnknownException) && batch.Count > 1)
        {
            // The cause is a request of the batch and not the database. Each request is committed alone, so that one
            // damaged row refuses only one citizen.
            foreach (var pending in batch.ToList())
                await CommitAsync([pending]);
            return;
        }
        catch (Exception e)
        {
            Log.Refused(logger, batch.Count, e);
            var answer = e is NotStoredException or OutcomeUnknownException
                ? e
                : new NotStoredException("The commit failed.", e);
            foreach (var pending in batch)
                pending.Done.SetException(answer);
            if (e == answer)
                RefuseWaiting();
            return;
        }
        finally
        {
            metrics.Committed(batch.Count, Stopwatch.GetElapsedTime(start));
        }

        Count(batch, commit.Results);
        for (var i = 0; i < batch.Count; i++)
            batch[i].Done.SetResult(commit.Results[i]);
        if (commit.Head is null)
            return;
        try
        {
            Committed?.Invoke(commit);
        }
        catch (Exception e)
        {
            Log.NotAnnounced(logger, e);
        }
    }

    private void Count(List<Pending> batch, IReadOnlyList<LogResult> results)
    {
        var (stored, replayed) = (0, 0);
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch[i].Request is not GiveRating)
                continue;
            if (results[i].Outcome == LogOutcome.Stored)
                stored++;
            else
                replayed++;
        }
        metrics.Stored(stored);
        metrics.Replayed(replayed);
    }

    private void RefuseWaiting()
    {
        while (
            _queue.Reader.TryPeek(out var next)
            && Stopwatch.GetElapsedTime(next.Since) > PatienceWithRefusal
            && _queue.Reader.TryRead(out var pending)
        )
            pending.Done.SetException(new NotStoredException("The database refused the requests before this one."));
    }

    private sealed class Pending(LogRequest request)
    {
        public LogRequest Request => request;
        public long Since { get; } = Stopwatch.GetTimestamp();
        public TaskCompletionSource<LogResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Error, "A batch of {Count} requests was not stored")]
        public static partial void Refused(ILogger logger, int count, Exception exception);

        [LoggerMessage(1002, LogLevel.Error, "A commit was not announced to the boards. Screens still poll for it")]
        public static partial void NotAnnounced(ILogger logger, Exception exception);
    }
}
