using System.Buffers;
using System.Globalization;

namespace ServiceEval.Web.Features.Ledger;

public enum FaultKind
{
    /// <summary>A row's columns no longer give its leaf.</summary>
    Altered,

    /// <summary>A block commits to an entry that no table holds.</summary>
    Removed,

    /// <summary>A row that no block commits to.</summary>
    Inserted,

    /// <summary>A tally differs from the recount.</summary>
    Tally,

    /// <summary>Blocks, head and anchors do not form one chain.</summary>
    Chain,
}

/// <summary>What verification found, named as closely as the ledger allows.</summary>
/// <param name="Table">Null where an entry is gone and nothing says what it was.</param>
public sealed record Fault(FaultKind Kind, string? Table, string? Id, long? Block, int? Index);

/// <summary>A head that somebody kept, and where it was kept.</summary>
public sealed record Anchor(string Source, long Sequence, byte[] Hash)
{
    /// <summary>Reads <c>SEQ:HASH</c>; null if it is malformed.</summary>
    public static Anchor? Parse(string source, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var hash = new byte[32];
        return colon > 0
            && long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && Convert.FromHexString(text.AsSpan(colon + 1), hash, out _, out var length) == OperationStatus.Done && length == hash.Length
                ? new Anchor(source, sequence, hash)
                : null;
    }
}

public sealed record HeadFound(long Sequence, string Hash);

public sealed record VerificationResult(bool Ok, HeadFound Head, long Ratings, IReadOnlyList<Fault> Faults);
