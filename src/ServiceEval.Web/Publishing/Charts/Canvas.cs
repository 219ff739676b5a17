using System.Collections.Concurrent;
using ScottPlot;
using ScottPlot.TickGenerators;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Web.Publishing.Charts;

/// <summary>A drawing of ScottPlot with the report's font and colours. Its units are the units of the SVG.</summary>
internal sealed class Canvas
{
    /// <summary>The width of the text on an A4 page. 12 of these units are 8.9 pt in print.</summary>
    public const int Width = 680;
    public const float FontSize = 12;

    public static readonly Color Ink = Color.FromHex("#14213d");
    public static readonly Color Line = Color.FromHex("#8a94a0");
    public static readonly Color Hair = Color.FromHex("#e3e7ec");

    private static readonly ConcurrentDictionary<string, bool> Known = new();

    // ScottPlot draws this font too high by this many units.
    private const float Lowered = 8;
    private const int ScaleHeight = 22;

    private readonly string _id;
    private readonly ChartTexts _texts;

    public Canvas(string id, string font)
    {
        // ScottPlot stores fonts per process. A font that is added twice is stored twice.
        Known.GetOrAdd(
            font,
            static path =>
            {
                Fonts.AddFontFile(ReportFonts.Family, path);
                Fonts.Default = ReportFonts.Family;
                return true;
            }
        );
        _id = id;
        _texts = new(Fonts.GetTypeface(ReportFonts.Family, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal));
        Plot.FigureBackground.Color = Colors.Transparent;
        Plot.DataBackground.Color = Colors.Transparent;
        Plot.HideLegend();
    }

    public Plot Plot { get; } = new();

    /// <summary>
    /// Removes all axes and sets the coordinates: x from 0 to <see cref="Width"/>, y from 0 at the top to
    /// <paramref name="height"/>.
    /// </summary>
    public void Blank(int height)
    {
        Plot.Layout.Frameless();
        Plot.HideGrid();
        Plot.Axes.SetLimits(0, Width, height, 0);
    }

    public void Box(double x, double y, double width, double height, Color fill)
    {
        var box = Plot.Add.Rectangle(x, x + width, y, y + height);
        (box.FillColor, box.LineColor, box.LineWidth) = (fill, Ink, 0.75f);
    }

    public void Text(string text, double x, double y, Alignment alignment = Alignment.MiddleLeft)
    {
        var label = Plot.Add.Text(_texts.Draw(text), x, y);
        (label.LabelFontSize, label.LabelFontColor, label.LabelAlignment, label.LabelFontName, label.OffsetY) = (
            FontSize,
            Ink,
            alignment,
            ReportFonts.Family,
            Lowered
        );
    }

    /// <summary>
    /// Sets the rows from top to bottom at 0, 1, 2 …, each with a label at the left and a note at the right.
    /// </summary>
    public void Rows(IReadOnlyList<(string Label, string Note)> rows, double top = -0.6)
    {
        Plot.Axes.SetLimitsY(rows.Count - 0.4, top);
        Plot.Axes.SetLimitsY(rows.Count - 0.4, top, Plot.Axes.Right);
        Plot.Axes.Left.TickGenerator = Ticks(rows.Index().Select(r => ((double)r.Index, r.Item.Label)));
        Plot.Axes.Right.TickGenerator = Ticks(rows.Index().Select(r => ((double)r.Index, r.Item.Note)));
    }

    /// <summary>Sets the x axis with these ticks, as percents or percentage points.</summary>
    public void Scale(double from, double to, IEnumerable<(double At, string Label)> ticks)
    {
        Plot.Axes.SetLimitsX(from, to);
        Plot.Axes.Bottom.TickGenerator = Ticks(ticks);
        Plot.Axes.Bottom.MinimumSize = Plot.Axes.Bottom.MaximumSize = ScaleHeight;
        Plot.Axes.Top.MinimumSize = Plot.Axes.Top.MaximumSize = 1;
        Plot.Grid.XAxisStyle.MajorLineStyle.Color = Hair;
        Plot.Grid.YAxisStyle.IsVisible = false;
    }

    /// <summary>Returns the height of a chart with this number of rows and the scale.</summary>
    public static int HeightOf(int rows, int each) => rows * each + ScaleHeight + 1;

    public string Svg(int height, string label)
    {
        foreach (var axis in Plot.Axes.GetAxes())
        {
            axis.TickLabelStyle.FontName = ReportFonts.Family;
            axis.TickLabelStyle.FontSize = FontSize;
            axis.TickLabelStyle.ForeColor = Ink;
            axis.TickLabelStyle.OffsetY = Lowered;
            axis.MajorTickStyle.Length = 0;
            axis.MinorTickStyle.Length = 0;
            axis.FrameLineStyle.Color = Line;
            axis.FrameLineStyle.Width = 0.75f;
        }
        Plot.Axes.Top.FrameLineStyle.Width =
            Plot.Axes.Right.FrameLineStyle.Width =
            Plot.Axes.Left.FrameLineStyle.Width =
                0;
        return SvgDrawing.Of(Plot.GetSvgXml(Width, height), _id, label, _texts);
    }

    private NumericManual Ticks(IEnumerable<(double At, string Label)> ticks) =>
        new([.. ticks.Select(t => new Tick(t.At, _texts.Draw(t.Label)))]);
}
