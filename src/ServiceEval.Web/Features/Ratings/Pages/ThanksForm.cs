using ServiceEval.Core.Places;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>The texts and ticks that a citizen has entered so far. They are kept if the form is shown again.</summary>
public sealed record ThanksForm(string? Item, IReadOnlyList<string> Tags, string? Comment)
{
    public static readonly ThanksForm Empty = new(null, [], null);

    /// <summary>The limit in characters. The field on the page has the same limit.</summary>
    public const int MaxSearchLength = 40;

    /// <summary>The text that the citizen searched for; null if there was no search.</summary>
    public string? Search { get; init; }

    /// <summary>The best items that were found, best first.</summary>
    public IReadOnlyList<ServiceItem> Found { get; init; } = [];

    /// <summary>The number of items that were found but are not shown.</summary>
    public int More { get; init; }

    public static string SearchOf(string typed)
    {
        var visible = VisibleText.Of(typed);
        return (visible.Length > MaxSearchLength ? visible[..MaxSearchLength] : visible).Trim();
    }

    public DetailInput ToInput() => new(Item, Tags, Comment);
}
