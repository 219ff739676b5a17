using System.Globalization;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Storage.Columns;

namespace ServiceEval.Core.Ledger;

/// <summary>The third byte of every leaf. A number is never used again for another kind.</summary>
public enum EntryNumber : byte
{
    Rating = 1,
    Correction = 2,
    Detail = 3,

    /// <summary>Reserved for adjudications.</summary>
    Adjudication = 4,

    /// <summary>Reserved for erasures of comments.</summary>
    Erasure = 5,
    Key = 6,
}

/// <summary>
/// A kind of entry of the ledger: its table, how its rows are read, and its leaf. Commits and verification go through
/// all kinds of this catalogue. A new kind needs its entity, its columns in <see cref="HotRows"/>, a line here, and the
/// rules that make it lawful.
/// </summary>
public abstract class EntryKind(EntryNumber number)
{
    // Standings follow from adjudications. Adjudications do not exist yet, so every standing must be Counted.
    public static readonly EntryKind<Rating> Rating = new(EntryNumber.Rating, HotRows.Ratings, LeafEncoding.Of)
    {
        RatingOf = r => r.Id,
        IsSound = r => r.Standing == Standing.Counted,
        IsTallied = true,
    };

    public static readonly EntryKind<Correction> Correction = new(
        EntryNumber.Correction,
        HotRows.Corrections,
        LeafEncoding.Of
    )
    {
        RatingOf = c => c.RatingId,
        IsTallied = true,
    };

    public static readonly EntryKind<RatingDetail> Detail = new(EntryNumber.Detail, HotRows.Details, LeafEncoding.Of)
    {
        RatingOf = d => d.RatingId,
        IsSound = d => d.BindsItsComment,
        IsTallied = true,
    };

    public static readonly EntryKind<LedgerKey> Key = new(EntryNumber.Key, HotRows.Keys, LeafEncoding.Of)
    {
        NameOf = k => k.Id.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>All kinds. The entries of a rating come in this order.</summary>
    public static readonly IReadOnlyList<EntryKind> All = [Rating, Correction, Detail, Key];

    public EntryNumber Number => number;

    public abstract string Table { get; }

    /// <summary>
    /// True if each entry is about a rating. Its table is then read in pages, in the order of the ids of the ratings.
    /// Every other table is small and is read as one page.
    /// </summary>
    public abstract bool IsOfRating { get; }

    /// <summary>True if the tallies count these entries.</summary>
    public bool IsTallied { get; init; }

    public abstract TResult Accept<TResult>(IEntryKindVisitor<TResult> visitor);

    /// <summary>Returns the table as the hot transaction writes it.</summary>
    internal abstract WrittenTable Written();
}

/// <param name="rows">The columns of the table. The first one is the key by which the table is read.</param>
/// <param name="leaf">Computes the leaf from the other columns.</param>
public sealed class EntryKind<TRow>(EntryNumber number, ColumnList<TRow> rows, Func<TRow, byte[]> leaf)
    : EntryKind(number)
    where TRow : class, ILedgerEntry
{
    public ColumnList<TRow> Rows => rows;

    public override string Table => rows.Table;

    public override bool IsOfRating => RatingOf is not null;

    /// <summary>Returns the id of the rating that the entry is about; null if the kind is not about ratings.</summary>
    public Func<TRow, Guid>? RatingOf { get; init; }

    /// <summary>Returns the name of the entry in a fault; null if the id of the rating is the name.</summary>
    public Func<TRow, string>? NameOf { get; init; }

    /// <summary>Returns whether the columns are right that no leaf covers.</summary>
    public Func<TRow, bool> IsSound { get; init; } = static _ => true;

    public byte[] LeafOf(TRow row) => leaf(row);

    public override TResult Accept<TResult>(IEntryKindVisitor<TResult> visitor) => visitor.Visit(this);

    internal override WrittenTable Written() => new WrittenTable<TRow>(rows, batch => batch.EntriesOf<TRow>());
}

public interface IEntryKindVisitor<out TResult>
{
    TResult Visit<TRow>(EntryKind<TRow> kind)
        where TRow : class, ILedgerEntry;
}
