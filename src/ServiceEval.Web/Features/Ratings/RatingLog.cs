using System.Diagnostics;
using System.Threading.Channels;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Group commit: requests queue in a bounded channel, and the one writer takes what has gathered as one transaction. A
/// caller is answered only after the commit is durable, or told at once that nothing was stored.
/// </summary>
public sealed partial class RatingLog(IRatingStore store, RatingMetrics metrics, ILogger<RatingLog> logger)
    : BackgroundService
{
    private const int QueueBound = 8_192;
    private const int BatchBound = 1_000;
    private const int TurnsGiven = 4;

    /// <summary>
    /// A database that is away costs a batch over two seconds; whoever has waited longer than this for it doesn't wait
    /// through another.
    /// </summary>
    private static readonly TimeSpan PatienceWithRefusal = TimeSpan.FromSeconds(0.4);

    private readonly Channel<Pending> _queue = System.Threading.Channels.Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(QueueBound) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    /// <summary>Raised after each durable commit that appended something; handlers only take note.</summary>
    public event Action<CommitResult>? Committed;

    /// <exception cref="NotStoredException">The queue is full or the database refused; nothing was stored.</exception>
    /// <exception cref="OutcomeUnknownException">Trying again will tell, and can't count twice.</exception>
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
        // What has been taken in is written even while the host stops; the channel's end, not the token, ends the loop.
        using var stopping = stoppingToken.Register(() => _queue.Writer.TryComplete());
        var batch = new List<Pending>(BatchBound);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            // A commit costs nearly as much for one as for many: whoever is already being read comes along.
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
            // Something in the batch, not the database: each for itself, so that one damaged row refuses one citizen.
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
            pending.Done.SetException(new NotStoredException("The database refused those before it."));
    }

    private sealed class Pending(LogRequest request)
    {
        public LogRequest Request => request;
        public long Since { get; } = Stopwatch.GetTimestamp();
        public TaskCompletionSource<LogResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Error, "A batch of {Count} was not stored")]
        public static partial void Refused(ILogger logger, int count, Exception exception);

        [LoggerMessage(1002, LogLevel.Error, "A commit was not announced to boards; they pull it all the same")]
        public static partial void NotAnnounced(ILogger logger, Exception exception);
    }
}
