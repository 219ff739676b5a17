namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>What is known of a ledger's keys from elsewhere than its database.</summary>
/// <param name="Kept">That somebody noted while the ledger had them.</param>
/// <param name="Own">Fingerprints in this machine's key file; empty where it says nothing of the ledger.</param>
/// <param name="Acknowledged">Fingerprints of authors who, as an operator knows, were made without a former
/// key.</param>
public sealed record KnownKeys(
    IReadOnlyList<KeptKey> Kept,
    IReadOnlyList<string> Own,
    IReadOnlyCollection<string> Acknowledged
)
{
    public static KnownKeys None { get; } = new([], [], []);
}

/// <param name="Source">Where it was kept.</param>
public sealed record KeptKey(string Source, string Fingerprint);
