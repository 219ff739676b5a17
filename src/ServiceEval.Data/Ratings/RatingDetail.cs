using System.Security.Cryptography;
using ServiceEval.Data.Ledger;

namespace ServiceEval.Data.Ratings;

/// <summary>
/// Item, tags and comment that a citizen added to a grade, once for each grade the rating has borne.
/// The comment enters the ledger only as a salted commitment, so that it can be erased without breaking it.
/// </summary>
public sealed class RatingDetail : ILedgerEntry
{
    /// <summary>In Unicode code points.</summary>
    public const int MaxCommentLength = 500;

    public Guid RatingId { get; init; }

    /// <summary>The grade these details belong to; they count while it is the grade in force.</summary>
    public Grade Grade { get; init; }

    /// <summary>0 for none.</summary>
    public int ItemId { get; init; }

    /// <summary>The department that owned the item then; 0 without an item.</summary>
    public int DepartmentId { get; init; }

    /// <summary>Codes in ascending order, comma-separated, as on the national wire; empty for none.</summary>
    public string Tags { get; init; } = "";

    /// <summary>Null where there never was one, or it was erased.</summary>
    public string? Comment { get; init; }

    /// <summary>128 random bits; erased together with the comment.</summary>
    public byte[]? CommentSalt { get; init; }

    /// <summary>Null where there never was a comment.</summary>
    public byte[]? CommentCommitment { get; init; }
    public DateTimeOffset GivenAt { get; init; }
    public long Block { get; set; }
    public int Index { get; set; }
    public byte[] Leaf { get; set; } = [];

    public IEnumerable<string> TagCodes => Tags.Length == 0 ? [] : Tags.Split(',');

    public static RatingDetail Of(
        Guid ratingId,
        Grade grade,
        int itemId,
        int departmentId,
        IEnumerable<string> tags,
        string? comment,
        DateTimeOffset at
    )
    {
        if (!grade.IsDefined())
            throw new ArgumentOutOfRangeException(nameof(grade), grade, "There are five grades.");
        var salt = comment is null ? null : RandomNumberGenerator.GetBytes(16);
        var detail = new RatingDetail
        {
            RatingId = ratingId,
            Grade = grade,
            ItemId = itemId,
            DepartmentId = departmentId,
            Tags = string.Join(',', tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
            Comment = comment,
            CommentSalt = salt,
            CommentCommitment = comment is null ? null : LeafEncoding.Commit(salt!, comment),
            GivenAt = at.ToMilliseconds(),
        };
        detail.Leaf = LeafEncoding.Of(detail);
        return detail;
    }

    /// <summary>Whether a second giving says the same as this one.</summary>
    public bool SaysTheSameAs(RatingDetail other) =>
        Grade == other.Grade && ItemId == other.ItemId && Tags == other.Tags && Comment == other.Comment;
}
