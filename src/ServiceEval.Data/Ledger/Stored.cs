namespace ServiceEval.Data.Ledger;

/// <summary>A row as its table has it, whatever somebody has done to it.</summary>
/// <param name="Legible">False where a column holds what no program of ours writes; the entity then has some stand-in
/// there.</param>
/// <param name="OddKey">The key as SQL would write it, where it is no id.</param>
public readonly record struct Stored<T>(T Row, bool Legible, string? OddKey = null);

/// <param name="Last">The key after which the next page begins; null at the end.</param>
/// <param name="HasMore">Of a table that is read as one page: there are more rows than it can lawfully have.</param>
public sealed record LedgerPage<T>(IReadOnlyList<Stored<T>> Rows, byte[]? Last, bool HasMore = false);
