using ServiceEval.Data.Halls;

namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>What a citizen has typed and ticked so far, kept while the form is shown again.</summary>
public sealed record ThanksForm(string? Item, IReadOnlyList<string> Tags, string? Comment, string? Search, IReadOnlyList<ServiceItem> Found)
{
    public static readonly ThanksForm Empty = new(null, [], null, null, []);

    /// <summary>In characters; the field takes no more either.</summary>
    public const int MaxSearchLength = 40;

    public static string SearchOf(string typed) => typed.Length > MaxSearchLength ? typed[..MaxSearchLength].Trim() : typed.Trim();

    public DetailInput ToInput() => new(Item, Tags, Comment);
}
