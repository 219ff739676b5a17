using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>The evidence from outside the ledger that the ledger is compared with.</summary>
/// <param name="TicketKeys">The store of the ring that gave the receipts, if the ring is available here.</param>
internal sealed record Evidence(IReadOnlyList<Anchor> Heads, KnownKeys Keys, TicketKeyStore TicketKeys);
