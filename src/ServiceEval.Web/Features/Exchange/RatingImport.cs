using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// Appends rows to the log of ratings in small commits with pauses. The next rows are read, checked and hashed during a
/// commit.
/// </summary>
internal sealed class RatingImport(
    IRatingStore store,
    RatingRows ratings,
    RejectsFile rejects,
    ImportCounts counts,
    ImportLease lease
)
{
    private const int Ahead = 2_000;

    /// <summary>
    /// The time for which a commit is tried again. A backup may hold the lock for a while, and a single commit tries
    /// for only one second.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    private readonly ImportPace _pace = new();

    /// <exception cref="OperatorException">The database refused the rows, or the rest of the file cannot be read. The rows
    /// imported so far stay stored.</exception>
    public async Task RunAsync(IEnumerable<FileRow> rows, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var prepared = System.Threading.Channels.Channel.CreateBounded<PreparedRow>(
            new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true }
        );
        var preparing = Task.Run(() => PrepareAsync(rows, prepared.Writer, stop.Token), CancellationToken.None);
        try
        {
            var chunk = new List<PreparedRow>();
            while (await TakeAsync(prepared.Reader, chunk, ct))
                await CommitAsync(chunk, ct);
        }
        finally
        {
            await EndAsync();
            await stop.CancelAsync();
            await preparing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await preparing;
        Rejecting(rejects.Flush);
    }

    private async Task PrepareAsync(
        IEnumerable<FileRow> rows,
        ChannelWriter<PreparedRow> prepared,
        CancellationToken ct
    )
    {
        try
        {
            foreach (var row in rows)
                await prepared.WriteAsync(ratings.Prepare(row), ct);
        }
        finally
        {
            // The rows that were read before a fault are imported.
            prepared.Complete();
        }
    }

    /// <summary>Fills the chunk. Returns false at the end of the rows.</summary>
    private async Task<bool> TakeAsync(
        ChannelReader<PreparedRow> prepared,
        List<PreparedRow> chunk,
        CancellationToken ct
    )
    {
        chunk.Clear();
        while (chunk.Count < _pace.Rows)
        {
            if (prepared.TryRead(out var row))
                chunk.Add(row);
            else if (!await prepared.WaitToReadAsync(ct))
                break;
        }
        return chunk.Count > 0;
    }

    private async Task CommitAsync(List<PreparedRow> chunk, CancellationToken ct)
    {
        var requests = chunk.Where(r => r.Request is not null).Select(r => (LogRequest)r.Request!).ToList();
        var results = requests.Count == 0 ? [] : await CommitAsync(requests, ct);
        var at = 0;
        foreach (var row in chunk)
        {
            var outcome = row.Request is null ? (LogOutcome?)null : results[at++].Outcome;
            if (outcome == LogOutcome.Stored)
                counts.AddStored(row.Row);
            else if (outcome == LogOutcome.Replay)
                counts.AddRepeated(row.Row);
            else
                Reject(row.Row, row.Reason ?? "与先前导入的内容不同，已导入的评价不能更改");
        }
        if (requests.Count > 0)
            await Task.Delay(_pace.Pause, TimeProvider.System, ct);
    }

    private async Task<IReadOnlyList<LogResult>> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
    {
        var first = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await lease.RenewAsync(ct);
                var start = Stopwatch.GetTimestamp();
                var commit = await store.CommitAsync(requests, ct);
                _pace.Took(requests.Count, Stopwatch.GetElapsedTime(start));
                return commit.Results;
            }
            catch (NotStoredException e) when (e.IsLocked && Stopwatch.GetElapsedTime(first) < Patience)
            {
                await Task.Delay(BetweenTries, TimeProvider.System, ct);
            }
            // Half of the rows need half of the time. The outcome of the failed commit need not be known, because a row
            // that was stored is found as a replay.
            catch (Exception e) when (IsTimeout(e) && requests.Count > 1)
            {
                _pace.TimedOut(requests.Count);
                var half = requests.Count / 2;
                return
                [
                    .. await CommitAsync([.. requests.Take(half)], ct),
                    .. await CommitAsync([.. requests.Skip(half)], ct),
                ];
            }
            catch (Exception e) when (IsTimeout(e) && Stopwatch.GetElapsedTime(first) < Patience)
            {
                await Task.Delay(BetweenTries, TimeProvider.System, ct);
            }
            catch (Exception e) when (IsOfTheLease(e) && Stopwatch.GetElapsedTime(first) < Patience)
            {
                await Task.Delay(BetweenTries, TimeProvider.System, ct);
            }
            catch (Exception e) when (e is NotStoredException || IsOfTheLease(e))
            {
                throw Stopped(DatabaseChoice.SentenceOn(e.InnerException ?? e) ?? "数据库没有接受。", e);
            }
            catch (InvalidDataException e)
            {
                throw Stopped("数据库里有损坏的记录，请用 verify 查明。", e);
            }
            catch (OutcomeUnknownException e)
            {
                throw Stopped("数据库中断，最后一批是否已保存无法确定。", e);
            }
        }
    }

    /// <summary>Ends the lease. If that fails, the lease expires by itself.</summary>
    private async Task EndAsync()
    {
        try
        {
            await lease.EndAsync();
        }
        catch (Exception e) when (IsOfTheLease(e))
        {
            // The fault was reported already, or it does no harm.
        }
    }

    /// <summary>
    /// Returns whether the database was slow or unreachable for a moment. It did not refuse the rows.
    /// </summary>
    private static bool IsTimeout(Exception e) =>
        e is NotStoredException or OutcomeUnknownException
        && e.InnerException is OperationCanceledException or TimeoutException or DbException { IsTransient: true };

    private static bool IsOfTheLease(Exception e) => e is DbException or DbUpdateException;

    private void Reject(FileRow row, string reason)
    {
        Rejecting(() => rejects.Add(row, reason));
        counts.AddRejected(row);
    }

    private void Rejecting(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            throw Stopped($"未导入清单无法写入：{FileFaults.Reason(e)}。", e);
        }
    }

    private OperatorException Stopped(string why, Exception e) =>
        new($"{why}导入到此为止：{counts}；已导入的都已保存，再运行一次即可接着导入，不会重复。", e);
}
