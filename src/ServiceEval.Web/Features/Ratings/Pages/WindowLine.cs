using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Web.Features.Ratings.Pages;

internal static class WindowLine
{
    /// <summary>Returns the hall, number and name of the window for the head of a page.</summary>
    public static string InOneLine(this WindowEntry window, PageView view) =>
        $"{window.Hall.Hall.ShortName} {view.Say($"{window.Number}号", $"Window {window.Number}")} {window.Name}";
}
