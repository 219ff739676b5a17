namespace ServiceEval.Web.Publishing.Charts;

/// <summary>
/// Draws rows above one scale, each with its label at the left and its note at the right.
/// </summary>
internal sealed class RowChart
{
    private const int Gap = 9;
    private const int ScaleHeight = 22;

    private readonly (double From, double To) _scale;
    private readonly (double From, double To) _plot;
    private readonly int _rowHeight;
    private readonly int _bottom;

    /// <param name="rows">From top to bottom.</param>
    /// <param name="scale">The values at the left and the right end of the scale.</param>
    public RowChart(
        Drawing drawing,
        IReadOnlyList<(string Label, string Note)> rows,
        int rowHeight,
        (double From, double To) scale,
        IEnumerable<(double At, string Label)> ticks
    )
    {
        (_scale, _rowHeight, _bottom) = (scale, rowHeight, rows.Count * rowHeight);
        _plot = (
            rows.Max(r => Drawing.WidthOf(r.Label)) + Gap,
            Drawing.Width - rows.Max(r => Drawing.WidthOf(r.Note)) - Gap
        );
        foreach (var (at, label) in ticks)
        {
            drawing.Line(X(at), 0, X(at), _bottom, Drawing.Hair, 1);
            drawing.Text(label, X(at), _bottom + ScaleHeight / 2.0, Anchor.Middle);
        }
        drawing.Line(_plot.From, _bottom, _plot.To, _bottom, Drawing.Grey, 0.75);
        foreach (var (index, (label, note)) in rows.Index())
        {
            drawing.Text(label, _plot.From - Gap, Y(index), Anchor.End);
            drawing.Text(note, _plot.To + Gap, Y(index));
        }
    }

    public int Height => _bottom + ScaleHeight;

    public double X(double value) =>
        _plot.From + (value - _scale.From) / (_scale.To - _scale.From) * (_plot.To - _plot.From);

    /// <summary>Returns the middle of a row. A half is the border between two rows.</summary>
    public double Y(double row) => (row + 0.5) * _rowHeight;
}
