namespace ServiceEval.Core.Ratings;

/// <summary>评价详情: a statement about a grade that a citizen can make with one tap.</summary>
public sealed class Tag
{
    // The maximum lengths, in characters.
    public const int MaxText = 60,
        MaxTextEn = 120;

    /// <summary>
    /// The code. National codes have three digits. Local codes begin with a letter and are never exported.
    /// </summary>
    public required string Code { get; init; }
    public Grade Grade { get; set; }
    public required string Text { get; set; }
    public required string TextEn { get; set; }

    /// <summary>True if the tag is shown at once. The other tags are under 更多.</summary>
    public bool Basic { get; set; }
    public int Version { get; set; }

    /// <summary>True if no new rating may have this tag. An old rating keeps its code.</summary>
    public bool Retired { get; set; }
}
