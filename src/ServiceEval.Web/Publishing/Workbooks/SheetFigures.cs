namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>Converts figures for cells, so that in the cell's format they read as on the page.</summary>
internal static class SheetFigures
{
    private const double LeastRate = 0.0005;

    public static double Of(double share, SheetFormat format) =>
        format switch
        {
            SheetFormat.Rate => Rate(share),
            SheetFormat.Points => Difference(share * 100, 0.05),
            SheetFormat.Part => Difference(share * 100, 0.005),
            _ => share,
        };

    /// <summary>Makes sure that rounding never turns a rate into 0 % or 100 %.</summary>
    private static double Rate(double share) =>
        share switch
        {
            > 1 - LeastRate and < 1 => 0.999,
            > 0 and < LeastRate => 0.001,
            _ => share,
        };

    /// <summary>Returns 0 for a difference that would read as -0.0.</summary>
    private static double Difference(double points, double least) => Math.Abs(points) < least ? 0 : points;
}
