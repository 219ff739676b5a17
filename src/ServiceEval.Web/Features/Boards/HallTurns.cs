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

    /// <summary>Whether the hall's next turn tells of the release once more.</summary>
    public bool IsReleasedAgain { get; set; }
}

/// <summary>Which halls are due, in the order in which they were asked for. A hall has one turn at a time.</summary>
internal sealed class HallTurns
{
    /// <summary>
    /// A push fails late after several seconds, and screens ask by themselves every half minute. After so many tries in
    /// a row they have asked.
    /// </summary>
    private const int MostLateTries = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, HallTurn> _turns = [];
    private readonly Dictionary<int, int> _lateTries = [];
    private readonly HashSet<int> _failing = [];
    private readonly Channel<HallTurn> _due = Channel.CreateUnbounded<HallTurn>();

    public IAsyncEnumerable<HallTurn> ReadAllAsync(CancellationToken ct) => _due.Reader.ReadAllAsync(ct);

    /// <param name="isReleased">Whether screens are to be told of the last release once more.</param>
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
    /// The hall's turn is over. It has another one if it was asked for meanwhile, or if this one failed.
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

    /// <summary>Says whether it was the last of those that failed.</summary>
    public bool Succeeded(int hallId)
    {
        lock (_lock)
        {
            _lateTries.Remove(hallId);
            return _failing.Remove(hallId) && _failing.Count == 0;
        }
    }

    /// <summary>Says whether it is the first to fail.</summary>
    public bool Failed(HallTurn turn)
    {
        turn.HasFailed = true;
        lock (_lock)
            return _failing.Add(turn.HallId) && _failing.Count == 1;
    }

    /// <summary>A push failed after its turn had ended. The hall's next turn tries again, within a limit.</summary>
    /// <returns>Whether it is the first to fail.</returns>
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
