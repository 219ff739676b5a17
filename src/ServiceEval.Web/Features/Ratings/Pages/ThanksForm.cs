using ServiceEval.Data.Halls;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>What a citizen has typed and ticked so far, kept while the form is shown again.</summary>
/// <param name="More">How many items the search has found besides.</param>
public sealed record ThanksForm(string? Item, IReadOnlyList<string> Tags, string? Comment, string? Search, IReadOnlyList<ServiceItem> Found, int More = 0)
{
    public static readonly ThanksForm Empty = new(null, [], null, null, []);

    /// <summary>In characters; the field takes no more either.</summary>
    public const int MaxSearchLength = 40;

    public static string SearchOf(string typed) => typed.Length > MaxSearchLength ? typed[..MaxSearchLength].Trim() : typed.Trim();

    public ThanksForm With(ItemMatches matches) => this with { Found = matches.Items, More = matches.More };

    public DetailInput ToInput() => new(Item, Tags, Comment);
}
