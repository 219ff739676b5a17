using System.Diagnostics;
using System.Threading.Channels;

namespace ServiceEval.Web.Features.Boards;

/// <summary>A hall whose board is due, or is being published.</summary>
internal sealed class HallTurn(int hallId)
{
    public int HallId => hallId;

    /// <summary>Of what waits, the first.</summary>
    public long Since { get; set; } = Stopwatch.GetTimestamp();

    /// <summary>Whether a release was made that no screen was told of yet.</summary>
    public bool IsReleased { get; set; }
    public bool HasFailed { get; set; }

    /// <summary>When the hall was asked for once more during its turn; null if it was not.</summary>
    public long? AskedAgain { get; set; }
}

/// <summary>Which halls are due, in the order in which they were asked for. A hall has one turn at a time.</summary>
internal sealed class HallTurns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, HallTurn> _turns = [];
    private readonly HashSet<int> _failing = [];
    private readonly Channel<HallTurn> _due = Channel.CreateUnbounded<HallTurn>();

    public IAsyncEnumerable<HallTurn> ReadAllAsync(CancellationToken ct) => _due.Reader.ReadAllAsync(ct);

    public void Ask(int hallId)
    {
        lock (_lock)
        {
            if (_turns.TryGetValue(hallId, out var turn))
            {
                turn.AskedAgain ??= Stopwatch.GetTimestamp();
                return;
            }
            Enqueue(_turns[hallId] = new HallTurn(hallId));
        }
    }

    /// <summary>The hall's turn is over. It has another one if it was asked for meanwhile, or if this one failed.</summary>
    public void End(HallTurn turn)
    {
        lock (_lock)
        {
            if (!turn.HasFailed && turn.AskedAgain is null)
            {
                _turns.Remove(turn.HallId);
                return;
            }
            if (!turn.HasFailed) turn.Since = turn.AskedAgain!.Value;
            (turn.AskedAgain, turn.HasFailed) = (null, false);
            Enqueue(turn);
        }
    }

    /// <summary>Says whether it was the last of those that failed.</summary>
    public bool Succeeded(HallTurn turn)
    {
        lock (_lock) return _failing.Remove(turn.HallId) && _failing.Count == 0;
    }

    /// <summary>Says whether it is the first to fail.</summary>
    public bool Failed(HallTurn turn)
    {
        turn.HasFailed = true;
        lock (_lock) return _failing.Add(turn.HallId) && _failing.Count == 1;
    }

    private void Enqueue(HallTurn turn) => _due.Writer.TryWrite(turn);
}
