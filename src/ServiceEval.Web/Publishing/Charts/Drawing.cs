using System.Globalization;
using System.Security;
using System.Text;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Web.Publishing.Charts;

public enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>
/// A chart as SVG for a page. It has no styles, because the page's Content-Security-Policy forbids style attributes. Y
/// goes down, and a text's y is the middle of its line.
/// </summary>
/// <param name="id">The id of the chart in its page. The ids inside the chart begin with it.</param>
internal sealed class Drawing(string id)
{
    /// <summary>The width of the text on an A4 page. 12 of these units are 8.9 pt in print.</summary>
    public const int Width = 680;

    public const string Ink = "#14213d";
    public const string Grey = "#8a94a0";
    public const string Hair = "#e3e7ec";

    private const int FontSize = 12;

    // The baseline is this far below the middle of a line of Chinese text.
    private const double Baseline = 4.4;

    private readonly StringBuilder _svg = new();
    private readonly SortedDictionary<string, Pattern> _patterns = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns about how wide a text is. The browser measures it exactly, so only the space for a column of texts may
    /// depend on this.
    /// </summary>
    public static double WidthOf(string text) => text.EnumerateRunes().Sum(r => r.Value < 0x1100 ? 0.6 : 1) * FontSize;

    public void Box(double x, double y, double width, double height, Pattern fill)
    {
        _patterns[fill.Name] = fill;
        Add(
            $"""<rect x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}" fill="url(#{id}-{fill.Name})" stroke="{Ink}" stroke-width="0.75"/>"""
        );
    }

    public void Line(double x1, double y1, double x2, double y2, string colour = Ink, double width = 1.5) =>
        Add($"""<path d="M{x1:0.##} {y1:0.##}L{x2:0.##} {y2:0.##}" stroke="{colour}" stroke-width="{width}"/>""");

    public void Dashed(double x, double y1, double y2) =>
        Add($"""<path d="M{x:0.##} {y1:0.##}V{y2:0.##}" stroke="{Ink}" stroke-dasharray="6 4"/>""");

    public void Dot(double x, double y) => Add($"""<circle cx="{x:0.##}" cy="{y:0.##}" r="4"/>""");

    public void Text(string text, double x, double y, Anchor anchor = Anchor.Start) =>
        Add($"""<text x="{x:0.##}" y="{y + Baseline:0.##}"{AnchorOf(anchor)}>{SecurityElement.Escape(text)}</text>""");

    /// <param name="label">What the chart shows, for those who do not see it.</param>
    public string Svg(int height, string label)
    {
        var defined = string.Concat(_patterns.Values.Select(p => p.Define($"{id}-{p.Name}")));
        return $"""<svg viewBox="0 0 {Width} {height}" role="img" aria-label="{SecurityElement.Escape(label)}">{(defined.Length == 0 ? "" : $"<defs>{defined}</defs>")}<g font-family="{ReportFonts.Family}, {ReportFonts.RareFamily}, Microsoft YaHei, sans-serif" font-size="{FontSize}" fill="{Ink}">{_svg}</g></svg>""";
    }

    private static string AnchorOf(Anchor anchor) =>
        anchor switch
        {
            Anchor.Middle => " text-anchor=\"middle\"",
            Anchor.End => " text-anchor=\"end\"",
            _ => "",
        };

    private void Add(FormattableString element) => _svg.Append(element.ToString(CultureInfo.InvariantCulture));
}
