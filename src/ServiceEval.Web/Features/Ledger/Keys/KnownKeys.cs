namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>The knowledge of a ledger's keys from outside its database.</summary>
/// <param name="Kept">The keys that were noted while the ledger had them.</param>
/// <param name="Own">The fingerprints in this machine's key file; empty if the file says nothing about the
/// ledger.</param>
/// <param name="Acknowledged">The fingerprints of keys that were made without a former key, as an operator has
/// confirmed.</param>
public sealed record KnownKeys(
    IReadOnlyList<KeptKey> Kept,
    IReadOnlyList<string> Own,
    IReadOnlyCollection<string> Acknowledged
)
{
    public static KnownKeys None { get; } = new([], [], []);
}

/// <param name="Source">Where the key was kept.</param>
public sealed record KeptKey(string Source, string Fingerprint);
