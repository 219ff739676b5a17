using System.Security.Cryptography;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Storage;

namespace ServiceEval.Core.Ratings;

/// <summary>
/// Item, tags and comment that a citizen added to a grade, once for each grade that the rating has had. The ledger
/// holds only a salted commitment to the comment, so that the comment can be erased without breaking the ledger.
/// </summary>
public sealed class RatingDetail : ILedgerEntry
{
    /// <summary>The maximum length of a comment, in Unicode code points.</summary>
    public const int MaxCommentLength = 500;

    public Guid RatingId { get; init; }

    /// <summary>The grade that the details belong to. The details count while this grade is in force.</summary>
    public Grade Grade { get; init; }

    /// <summary>The id of the item; 0 if there is none.</summary>
    public int ItemId { get; init; }

    /// <summary>The department that owned the item at that time; 0 without an item.</summary>
    public int DepartmentId { get; init; }

    /// <summary>
    /// The codes in ascending order, separated by commas as in the national exchange format; empty if there are none.
    /// </summary>
    public string Tags { get; init; } = "";

    /// <summary>The comment; null if there never was one, or if it was erased.</summary>
    public string? Comment { get; init; }

    /// <summary>The salt, 128 random bits. It is erased together with the comment.</summary>
    public byte[]? CommentSalt { get; init; }

    /// <summary>The commitment to the comment; null if there never was a comment.</summary>
    public byte[]? CommentCommitment { get; init; }
    public DateTimeOffset GivenAt { get; init; }
    public long Block { get; set; }
    public int Index { get; set; }
    public byte[] Leaf { get; set; } = [];

    public IEnumerable<string> TagCodes => Tags.Length == 0 ? [] : Tags.Split(',');

    /// <summary>
    /// True if the commitment fits the comment. Erasures are not entries yet. So a commitment without its text means
    /// that the text was removed.
    /// </summary>
    public bool BindsItsComment =>
        (Comment, CommentSalt, CommentCommitment) switch
        {
            (null, null, null) => true,
            ({ } comment, { } salt, { } commitment) => LeafEncoding
                .Commit(salt, comment)
                .AsSpan()
                .SequenceEqual(commitment),
            _ => false,
        };

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
            throw new ArgumentOutOfRangeException(nameof(grade), grade, "The grade must be one of the five.");
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

    /// <summary>Returns true if details that are given again have the same content.</summary>
    public bool SaysTheSameAs(RatingDetail other) =>
        Grade == other.Grade && ItemId == other.ItemId && Tags == other.Tags && Comment == other.Comment;
}
