using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Ratings.Pages;

internal static class WindowLine
{
    /// <summary>Hall, number and name, as the head of a page has them.</summary>
    public static string InOneLine(this WindowEntry window, PageView view) =>
        $"{window.Hall.Hall.ShortName} {view.Say($"{window.Number}号", $"Window {window.Number}")} {window.Name}";
}
