using System.Text;
using Microsoft.AspNetCore.Components;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Web.Features.Reports.Pages;

/// <summary>
/// Renders a report, or another page in the style of the reports, as HTML that prints on A4. The style is inside the
/// page.
/// </summary>
public sealed class ReportHtml(PageRenderer renderer, QuoteTexts quotes, ReportFonts fonts)
{
    internal static readonly string Style = PageRenderer.Asset("report.css");

    // This placeholder is replaced last, because the characters that the fonts need are known only after the page is
    // rendered.
    private const string FontsHere = "/*fonts*/";

    public async Task<string> RenderAsync(WeeklyReport report, FontSource source = FontSource.Host) =>
        (await RenderWithStylesAsync(report, source)).Html;

    /// <summary>Renders a report for this host.</summary>
    /// <returns>The page and its styles, which the page's policy must allow.</returns>
    public Task<(string Html, string[] Styles)> RenderLinkedAsync(WeeklyReport report) =>
        RenderWithStylesAsync(report, FontSource.Host);

    /// <summary>
    /// Renders a page that has a parameter <c>Style</c>, such as the list of reports, for this host.
    /// </summary>
    public Task<(string Html, string[] Styles)> RenderLinkedAsync<TPage>(
        params (string Name, object? Value)[] parameters
    )
        where TPage : IComponent => RenderAsync<TPage>(FontSource.Host, parameters);

    private async Task<(string Html, string[] Styles)> RenderWithStylesAsync(WeeklyReport report, FontSource source)
    {
        var view = new ReportView(report, await quotes.ReadAsync(report));
        var pageStyle = PageStyle(report);
        var (html, styles) = await RenderAsync<ReportPage>(
            source,
            (nameof(ReportPage.View), view),
            (nameof(ReportPage.PageStyle), pageStyle)
        );
        return (html, [.. styles, pageStyle]);
    }

    private async Task<(string Html, string[] Styles)> RenderAsync<TPage>(
        FontSource source,
        params (string Name, object? Value)[] parameters
    )
        where TPage : IComponent
    {
        var page = await renderer.RenderAsync<TPage>([.. parameters, (nameof(ReportPage.Style), FontsHere + Style)]);
        var rules = fonts.Rules(page, source);
        return (page.Replace(FontsHere, rules, StringComparison.Ordinal), [rules + Style]);
    }

    /// <summary>
    /// Returns the style that prints the report's id on each sheet, because sheets get out of order. The page number is
    /// in <c>report.css</c>.
    /// </summary>
    private static string PageStyle(WeeklyReport report) => $"@page{{@bottom-left{{content:\"{Escape(report.Id)}\"}}}}";

    /// <summary>
    /// Escapes a text for a CSS string that is also safe in HTML. The county chooses the code of its scope.
    /// </summary>
    private static string Escape(string text) =>
        string.Concat(
            text.EnumerateRunes()
                .Select(r =>
                    r.IsAscii && (Rune.IsLetterOrDigit(r) || r.Value == '-') ? r.ToString() : $"\\{r.Value:x} "
                )
        );
}

public static class ReportHtmlSetup
{
    /// <summary>Registers <see cref="ReportHtml"/> and the services that it needs.</summary>
    public static IServiceCollection AddReportHtml(this IServiceCollection services) =>
        services.AddSingleton<ReportFonts>().AddSingleton<QuoteTexts>().AddSingleton<ReportHtml>();
}
