using System.Globalization;
using System.Xml.Linq;
using ScottPlot;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Publishing.Charts;

/// <summary>
/// Fills that differ by hatching as well as by grey, so that they can be told apart in a black and white print. Skia
/// cannot write hatching into SVG. So ScottPlot draws placeholder colours that nothing else uses, and patterns replace
/// these colours afterwards.
/// </summary>
internal static class Patterns
{
    private static readonly XNamespace Ns = "http://www.w3.org/2000/svg";

    // By placeholder colour: the name of the pattern and the content of its tile.
    private static readonly Dictionary<string, (string Name, Func<XElement[]> Tile, int Size, int Turn)> Fills = new()
    {
        ["#FE0101"] = ("g1", () => [Ground("#1b5e9b", 8)], 8, 0),
        ["#FE0102"] = ("g2", () => [Ground("#a9c9e6", 8), Stripe("#1b5e9b", 1.6, 8)], 8, 45),
        ["#FE0103"] = ("g3", () => [Ground("#eef1f4", 7), Dot("#5a6573", 7)], 7, 0),
        ["#FE0104"] = ("g4", () => [Ground("#fbe0c2", 9), Stripe("#b8501a", 3, 9)], 9, -45),
        ["#FE0105"] = ("g5", () => [Ground("#d9832b", 7), Stripe("#5e2406", 2.4, 7), Beam("#5e2406", 2.4, 7)], 7, 45),
        ["#FE0106"] = ("rate", () => [Ground("#1b5e9b", 8)], 8, 0),
        ["#FE0107"] = ("mix", () => [Ground("#ffffff", 7), Stripe("#14213d", 1.4, 7)], 7, 45),
    };

    public static Color Rate => Color.FromHex("#FE0106");
    public static Color Mix => Color.FromHex("#FE0107");

    public static Color Of(Grade grade) => Color.FromHex($"#FE010{(int)grade}");

    /// <summary>
    /// Returns the name of the pattern that replaces a placeholder colour. Returns null for an ordinary colour.
    /// </summary>
    public static string? NameOf(string colour) =>
        Fills.TryGetValue(colour.ToUpperInvariant(), out var fill) ? fill.Name : null;

    public static XElement Define(string name, string id)
    {
        var (_, tile, size, turn) = Fills.Values.First(f => f.Name == name);
        return new XElement(
            Ns + "pattern",
            new XAttribute("id", id),
            new XAttribute("width", size),
            new XAttribute("height", size),
            new XAttribute("patternUnits", "userSpaceOnUse"),
            turn == 0 ? null : new XAttribute("patternTransform", $"rotate({turn})"),
            tile()
        );
    }

    private static XElement Ground(string colour, int size) => Rectangle(colour, size, size);

    private static XElement Stripe(string colour, double width, int size) => Rectangle(colour, width, size);

    private static XElement Beam(string colour, double height, int size) => Rectangle(colour, size, height);

    private static XElement Rectangle(string colour, double width, double height) =>
        new(
            Ns + "rect",
            new XAttribute("width", Number(width)),
            new XAttribute("height", Number(height)),
            new XAttribute("fill", colour)
        );

    private static XElement Dot(string colour, int size) =>
        new(
            Ns + "circle",
            new XAttribute("cx", Number(size / 2.0)),
            new XAttribute("cy", Number(size / 2.0)),
            new XAttribute("r", "1.4"),
            new XAttribute("fill", colour)
        );

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
