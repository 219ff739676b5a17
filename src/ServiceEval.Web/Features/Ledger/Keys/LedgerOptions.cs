namespace ServiceEval.Web.Features.Ledger.Keys;

public sealed class LedgerOptions
{
    public const string Section = "ServiceEval:Ledger";

    /// <summary>
    /// The file of this node's ledger keys. Unset: <c>keys/ledger-keys.json</c> in the data directory.
    /// </summary>
    public string? KeyFile { get; set; }
}
