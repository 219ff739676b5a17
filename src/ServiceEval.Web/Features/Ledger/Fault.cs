using System.Buffers;
using System.Globalization;
using System.Text.Json.Serialization;

namespace ServiceEval.Web.Features.Ledger;

public enum FaultKind
{
    /// <summary>A row differs from the entry that was committed in its place.</summary>
    Altered,

    /// <summary>A block commits to an entry that no table holds.</summary>
    Removed,

    /// <summary>No block commits to the row.</summary>
    Inserted,

    /// <summary>A tally differs from the recount.</summary>
    Tally,

    /// <summary>Blocks, head and anchors do not form one chain.</summary>
    Chain,

    /// <summary>
    /// An entry, block or report is unchanged since its commit, but it breaks a rule that our programs keep.
    /// </summary>
    Unlawful,
}

/// <summary>A finding of the verification, named as precisely as the ledger allows.</summary>
/// <param name="Table">The table; null if an entry is gone and nothing tells its table.</param>
/// <param name="Id">The id of the row; null if no row can be named, because the entry is gone or is one of several that
/// together do not give the root of their block.</param>
/// <param name="Block">The block that the ledger proves. For a moved row, this is the block in which the row was
/// committed.</param>
/// <param name="To">The last place of a range from <paramref name="Index"/> on with the same fault.</param>
/// <param name="Rule">The name of the <see cref="Law"/> that an unlawful entry, block or report breaks.</param>
public sealed record Fault(
    FaultKind Kind,
    string? Table,
    string? Id,
    long? Block,
    int? Index,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? To = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Rule = null
);

/// <summary>A head that was kept, and where it was kept.</summary>
/// <param name="Id">The row that keeps the head, if a table keeps it.</param>
/// <param name="At">When it was the head, if that was noted too.</param>
public sealed record Anchor(string Source, long Sequence, byte[] Hash, string? Id = null, DateTimeOffset? At = null)
{
    /// <summary>Reads <c>SEQ:HASH</c>. Returns null if the text is malformed.</summary>
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

/// <param name="Faults">The first thousand faults.</param>
/// <param name="More">The number of further faults.</param>
/// <param name="Signatures">The signers of the blocks that were verified.</param>
public sealed record VerificationResult(
    bool Ok,
    HeadFound Head,
    long Ratings,
    IReadOnlyList<Fault> Faults,
    long More,
    Keys.SignaturesFound Signatures
);
