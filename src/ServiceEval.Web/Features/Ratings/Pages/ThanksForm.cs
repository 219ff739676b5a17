using ServiceEval.Data.Halls;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>What a citizen has typed and ticked so far, kept while the form is shown again.</summary>
public sealed record ThanksForm(string? Item, IReadOnlyList<string> Tags, string? Comment)
{
    public static readonly ThanksForm Empty = new(null, [], null);

    /// <summary>In characters; the field takes no more either.</summary>
    public const int MaxSearchLength = 40;

    /// <summary>What items were searched by; null where nobody searched.</summary>
    public string? Search { get; init; }

    /// <summary>The best of those found, best first.</summary>
    public IReadOnlyList<ServiceItem> Found { get; init; } = [];

    /// <summary>How many more were found than are shown.</summary>
    public int More { get; init; }

    public static string SearchOf(string typed)
    {
        var visible = VisibleText.Of(typed);
        return (visible.Length > MaxSearchLength ? visible[..MaxSearchLength] : visible).Trim();
    }

    public DetailInput ToInput() => new(Item, Tags, Comment);
}
