using System.Globalization;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Publishing.Charts;

/// <summary>
/// A fill. Fills differ by hatching as well as by grey, so that they can be told apart in a black and white print.
/// </summary>
/// <param name="Ground">The colour under the marks.</param>
/// <param name="Size">The width and the height of the tile that is repeated.</param>
/// <param name="Turn">The angle in degrees by which the tiles are turned.</param>
/// <param name="Marks">The SVG of the marks in a tile.</param>
internal sealed record Pattern(string Name, string Ground, int Size = 8, int Turn = 0, string Marks = "")
{
    public static readonly Pattern Rate = new("rate", "#1b5e9b");
    public static readonly Pattern Mix = new("mix", "#ffffff", 7, 45, Rectangle("#14213d", 1.4, 7));

    private static readonly Dictionary<Grade, Pattern> Grades = new()
    {
        [Grade.VerySatisfied] = new("g1", "#1b5e9b"),
        [Grade.Satisfied] = new("g2", "#a9c9e6", 8, 45, Rectangle("#1b5e9b", 1.6, 8)),
        [Grade.BasicallySatisfied] = new(
            "g3",
            "#eef1f4",
            7,
            0,
            """<circle cx="3.5" cy="3.5" r="1.4" fill="#5a6573"/>"""
        ),
        [Grade.Dissatisfied] = new("g4", "#fbe0c2", 9, -45, Rectangle("#b8501a", 3, 9)),
        [Grade.VeryDissatisfied] = new(
            "g5",
            "#d9832b",
            7,
            45,
            Rectangle("#5e2406", 2.4, 7) + Rectangle("#5e2406", 7, 2.4)
        ),
    };

    public static Pattern Of(Grade grade) => Grades[grade];

    public string Define(string id) =>
        $"""<pattern id="{id}" width="{Size}" height="{Size}" patternUnits="userSpaceOnUse"{(Turn == 0 ? "" : $" patternTransform=\"rotate({Turn})\"")}>{Rectangle(Ground, Size, Size)}{Marks}</pattern>""";

    private static string Rectangle(string colour, double width, double height) =>
        string.Create(CultureInfo.InvariantCulture, $"""<rect width="{width}" height="{height}" fill="{colour}"/>""");
}
