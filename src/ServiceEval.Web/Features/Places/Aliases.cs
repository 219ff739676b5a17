namespace ServiceEval.Web.Features.Places;

/// <summary>Other words that people use for an item, in one text.</summary>
internal static class Aliases
{
    private static readonly char[] Separators = ['|', '；', ';'];

    public static IReadOnlyList<string> Split(string text) =>
        text.Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Joins the aliases in the form that is stored.</summary>
    public static string Join(string text) => string.Join(Separators[0], Split(text));
}
