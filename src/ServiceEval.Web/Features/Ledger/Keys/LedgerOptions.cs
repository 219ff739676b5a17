namespace ServiceEval.Web.Features.Ledger.Keys;

public sealed class LedgerOptions
{
    public const string Section = "ServiceEval:Ledger";

    /// <summary>
    /// The file of this node's ledger keys. If it is not set, the file is <c>keys/ledger-keys.json</c> in the data
    /// directory.
    /// </summary>
    public string? KeyFile { get; set; }
}
