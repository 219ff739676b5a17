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
        if (colon < 1 || text.Length - colon != 65 || !text.AsSpan(colon + 1).ContainsOnlyHex()) return null;
        return long.TryParse(text.AsSpan(0, colon), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var sequence)
            ? new Anchor(source, sequence, Convert.FromHexString(text.AsSpan(colon + 1)))
            : null;
    }
}

internal static class Hex
{
    public static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var c in text) if (!char.IsAsciiHexDigit(c)) return false;
        return true;
    }
}

public sealed record HeadFound(long Sequence, string Hash);

public sealed record VerificationResult(bool Ok, HeadFound Head, long Ratings, IReadOnlyList<Fault> Faults);
