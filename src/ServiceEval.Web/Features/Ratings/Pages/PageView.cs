namespace ServiceEval.Web.Features.Ratings.Pages;

/// <summary>How a citizen wants pages: language and 长辈版; both travel in the address, nothing is remembered.</summary>
public sealed record PageView(bool English, bool Elder)
{
    public static PageView Of(HttpRequest request) => new(
        string.Equals(request.Query["lang"], "en", StringComparison.OrdinalIgnoreCase),
        string.Equals(request.Query["view"], "elder", StringComparison.OrdinalIgnoreCase));

    /// <summary>The query that keeps the view, with a leading question mark; empty for the plain view.</summary>
    public string Query => (English, Elder) switch
    {
        (false, false) => "",
        (true, false) => "?lang=en",
        (false, true) => "?view=elder",
        (true, true) => "?lang=en&view=elder",
    };

    /// <summary>The words in the citizen's language.</summary>
    public string Say(string chinese, string english) => English ? english : chinese;
}
