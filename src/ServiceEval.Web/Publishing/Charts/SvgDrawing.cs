using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Web.Publishing.Charts;

/// <summary>
/// Converts the SVG that Skia writes into SVG for a page: with its own ids, a label, the page's font and hatching, and
/// without style attributes.
/// </summary>
internal static partial class SvgDrawing
{
    private static readonly XNamespace Ns = "http://www.w3.org/2000/svg";

    public static string Of(string xml, string id, string label, ChartTexts texts)
    {
        var svg = XElement.Parse(xml);
        var (width, height) = (svg.Attribute("width")!.Value, svg.Attribute("height")!.Value);
        // Skia numbers its clips throughout the process. The numbers are replaced in order, so that the same figures
        // give the same bytes.
        var names = svg.Descendants()
            .Attributes("id")
            .Select((a, index) => (a.Value, $"{id}-{index + 1}"))
            .ToDictionary();
        foreach (var element in svg.DescendantsAndSelf())
            Convert(element, names);
        foreach (var text in svg.Descendants(Ns + "text"))
            text.Value = texts.Restore(text.Value.Trim());
        svg.Descendants(Ns + "defs").Where(d => !d.HasElements).Remove();
        var patterns = svg.Descendants()
            .Attributes("fill")
            .Select(f => PatternOf(f, id))
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (patterns.Count > 0)
            svg.AddFirst(new XElement(Ns + "defs", patterns.Select(name => Patterns.Define(name, $"{id}-{name}"))));
        svg.ReplaceAttributes(
            new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", label)
        );
        // SVG in an HTML page needs no namespace.
        foreach (var element in svg.DescendantsAndSelf())
            element.Name = element.Name.LocalName;
        return svg.ToString(SaveOptions.DisableFormatting);
    }

    private static void Convert(XElement element, Dictionary<string, string> names)
    {
        foreach (var attribute in element.Attributes().ToList())
        {
            if (attribute.Name == "style")
                Unfold(element, attribute);
            else if (attribute.Name == "id")
                attribute.Value = names[attribute.Value];
            else if (attribute.Name == "font-family")
                attribute.Value = $"{ReportFonts.Family}, {ReportFonts.RareFamily}, Microsoft YaHei, sans-serif";
            // The attribute is not needed, because each letter has its own position.
            else if (attribute.Name.LocalName == "space")
                attribute.Remove();
            else
                attribute.Value = Round(
                    Reference().Replace(attribute.Value, reference => $"url(#{names[reference.Groups[1].Value]})")
                );
        }
    }

    /// <summary>
    /// Replaces a placeholder colour by its pattern. Returns the pattern's name, or null for an ordinary colour.
    /// </summary>
    private static string? PatternOf(XAttribute fill, string id)
    {
        if (Patterns.NameOf(fill.Value) is not { } name)
            return null;
        fill.Value = $"url(#{id}-{name})";
        return name;
    }

    /// <summary>
    /// Moves styles to presentation attributes, because the page's Content-Security-Policy forbids style attributes.
    /// </summary>
    private static void Unfold(XElement element, XAttribute style)
    {
        foreach (var declaration in style.Value.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (declaration.Split(':', 2) is [var name, var value])
                element.SetAttributeValue(name.Trim(), value.Trim());
        }
        style.Remove();
    }

    /// <summary>Rounds numbers to hundredths and removes the comma at the end of Skia's lists.</summary>
    private static string Round(string value) =>
        LastComma()
            .Replace(
                LongNumber()
                    .Replace(
                        value,
                        number =>
                            Math.Round(double.Parse(number.Value, CultureInfo.InvariantCulture), 2)
                                .ToString("0.##", CultureInfo.InvariantCulture)
                    ),
                ""
            );

    [GeneratedRegex(@"url\(#([^)]*)\)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"-?\d+\.\d{3,}")]
    private static partial Regex LongNumber();

    [GeneratedRegex(@",\s*$")]
    private static partial Regex LastComma();
}
