namespace ServiceEval.Data.Ratings;

/// <summary>评价详情: what a citizen may say about a grade with one tap.</summary>
public sealed class Tag
{
    // In characters.
    public const int MaxText = 60,
        MaxTextEn = 120;

    /// <summary>National codes are three digits; local ones begin with a letter and are never exported.</summary>
    public required string Code { get; init; }
    public Grade Grade { get; set; }
    public required string Text { get; set; }
    public required string TextEn { get; set; }

    /// <summary>Shown at once; the others under 更多.</summary>
    public bool Basic { get; set; }
    public int Version { get; set; }

    /// <summary>An old rating keeps its code; no new one may bear it.</summary>
    public bool Retired { get; set; }
}
