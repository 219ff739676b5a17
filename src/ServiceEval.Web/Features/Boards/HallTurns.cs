using System.Diagnostics;
using System.Threading.Channels;

namespace ServiceEval.Web.Features.Boards;

/// <summary>The halls that are due, in the order of their requests. A hall has one turn at a time.</summary>
internal sealed class HallTurns
{
    /// <summary>
    /// The most late failures in a row after which a push is tried again. A late failure takes several seconds, and
    /// screens poll every 30 seconds. After five tries the screens have polled.
    /// </summary>
    private const int MostLateTries = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, HallTurn> _turns = [];
    private readonly Dictionary<int, int> _lateTries = [];
    private readonly HashSet<int> _failing = [];
    private readonly Channel<HallTurn> _due = Channel.CreateUnbounded<HallTurn>();

    public IAsyncEnumerable<HallTurn> ReadAllAsync(CancellationToken ct) => _due.Reader.ReadAllAsync(ct);

    /// <param name="isReleased">Whether the last release must be pushed once more.</param>
    public void Ask(int hallId, bool isReleased = false)
    {
        lock (_lock)
        {
            if (_turns.TryGetValue(hallId, out var turn))
            {
                turn.AskedAgain ??= Stopwatch.GetTimestamp();
                turn.IsReleasedAgain |= isReleased;
                return;
            }
            Enqueue(_turns[hallId] = new HallTurn(hallId) { IsReleased = isReleased });
        }
    }

    /// <summary>
    /// Ends the hall's turn. The hall gets another turn if it was asked for during this turn, or if this turn failed.
    /// </summary>
    public void End(HallTurn turn)
    {
        lock (_lock)
        {
            if (!turn.HasFailed && turn.AskedAgain is null)
            {
                _turns.Remove(turn.HallId);
                return;
            }
            if (!turn.HasFailed)
                turn.Since = turn.AskedAgain!.Value;
            turn.IsReleased |= turn.IsReleasedAgain;
            (turn.AskedAgain, turn.IsReleasedAgain, turn.HasFailed) = (null, false, false);
            Enqueue(turn);
        }
    }

    /// <summary>Records a success. Returns whether the hall was the last of the failing halls.</summary>
    public bool Succeeded(int hallId)
    {
        lock (_lock)
        {
            _lateTries.Remove(hallId);
            return _failing.Remove(hallId) && _failing.Count == 0;
        }
    }

    /// <summary>Records a failure. Returns whether the hall is the first that fails.</summary>
    public bool Failed(HallTurn turn)
    {
        turn.HasFailed = true;
        lock (_lock)
            return _failing.Add(turn.HallId) && _failing.Count == 1;
    }

    /// <summary>
    /// Records a push that failed after its turn had ended. The next turn of the hall tries again, within a limit.
    /// </summary>
    /// <returns>Whether the hall is the first that fails.</returns>
    public bool FailedLate(int hallId, bool isReleased)
    {
        lock (_lock)
        {
            var tries = _lateTries[hallId] = _lateTries.GetValueOrDefault(hallId) + 1;
            if (tries <= MostLateTries)
                Ask(hallId, isReleased);
            else
                _lateTries.Remove(hallId);
            return _failing.Add(hallId) && _failing.Count == 1;
        }
    }

    private void Enqueue(HallTurn turn) => _due.Writer.TryWrite(turn);
}
