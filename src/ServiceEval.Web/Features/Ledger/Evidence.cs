using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>What a ledger is held against that is not in it.</summary>
/// <param name="TicketKeys">Of the ring that gave the receipts, where it is here.</param>
internal sealed record Evidence(IReadOnlyList<Anchor> Heads, KnownKeys Keys, TicketKeyStore TicketKeys);
