using System.Buffers;
using System.Globalization;
using System.Text.Json.Serialization;

namespace ServiceEval.Web.Features.Ledger;

public enum FaultKind
{
    /// <summary>A row is not what was committed in its place.</summary>
    Altered,

    /// <summary>A block commits to an entry that no table holds.</summary>
    Removed,

    /// <summary>A row that no block commits to.</summary>
    Inserted,

    /// <summary>A tally differs from the recount.</summary>
    Tally,

    /// <summary>Blocks, head and anchors do not form one chain.</summary>
    Chain,

    /// <summary>An entry, block or report that is as it was committed, and that no program of ours commits.</summary>
    Unlawful,
}

/// <summary>What verification found, named as closely as the ledger allows.</summary>
/// <param name="Table">Null where an entry is gone and nothing says what it was.</param>
/// <param name="Id">Null where no row can be named: an entry that is gone, or one of several that together don't give
/// their block's root.</param>
/// <param name="Block">As the ledger proves it; for a row that was moved, where it was committed.</param>
/// <param name="To">The last of several places, from <paramref name="Index"/> on, of which the same is true.</param>
/// <param name="Rule">Of an unlawful one: the name of the <see cref="Law"/> it breaks.</param>
public sealed record Fault(
    FaultKind Kind,
    string? Table,
    string? Id,
    long? Block,
    int? Index,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? To = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Rule = null
);

/// <summary>A head that somebody kept, and where it was kept.</summary>
/// <param name="Id">The row that keeps it, if a table does.</param>
/// <param name="At">When it was the head, where that was noted too.</param>
public sealed record Anchor(string Source, long Sequence, byte[] Hash, string? Id = null, DateTimeOffset? At = null)
{
    /// <summary>Reads <c>SEQ:HASH</c>; null if it is malformed.</summary>
    public static Anchor? Parse(string source, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var hash = new byte[32];
        return
            colon > 0
            && long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && Convert.FromHexString(text.AsSpan(colon + 1), hash, out _, out var length) == OperationStatus.Done
            && length == hash.Length
            ? new Anchor(source, sequence, hash)
            : null;
    }
}

public sealed record HeadFound(long Sequence, string Hash);

/// <param name="Faults">The first thousand.</param>
/// <param name="More">How many there are besides.</param>
/// <param name="Signatures">Who signed the blocks that were looked at.</param>
public sealed record VerificationResult(
    bool Ok,
    HeadFound Head,
    long Ratings,
    IReadOnlyList<Fault> Faults,
    long More,
    Keys.SignaturesFound Signatures
);
