namespace ServiceEval.Core.Ledger;

/// <summary>A row as its table holds it, even if the row was tampered with.</summary>
/// <param name="Legible">False if a column holds a value that our program never writes. The entity then has a
/// placeholder in its place.</param>
/// <param name="OddKey">The key as an SQL literal, if the key is not an id.</param>
public readonly record struct Stored<T>(T Row, bool Legible, string? OddKey = null);

/// <param name="Last">The key after which the next page begins; null at the end.</param>
/// <param name="HasMore">For a table that is read as one page: true if there are more rows than the table may
/// have.</param>
public sealed record LedgerPage<T>(IReadOnlyList<Stored<T>> Rows, byte[]? Last, bool HasMore = false);
