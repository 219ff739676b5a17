using System.Diagnostics;
using System.Threading.Channels;

namespace ServiceEval.Web.Features.Boards;

/// <summary>A hall whose board is due or is being published.</summary>
internal sealed class HallTurn(int hallId)
{
    public int HallId => hallId;

    /// <summary>The timestamp of the earliest request that this turn serves.</summary>
    public long Since { get; set; } = Stopwatch.GetTimestamp();

    /// <summary>Whether a release was made that has not been pushed to any screen yet.</summary>
    public bool IsReleased { get; set; }
    public bool HasFailed { get; set; }

    /// <summary>When the hall was asked for again during its turn; null if it was not.</summary>
    public long? AskedAgain { get; set; }

    /// <summary>Whether the next turn of the hall pushes the release once more.</summary>
    public bool IsReleasedAgain { get; set; }
}
