namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>Figures as a cell holds them: shown by its format they read as on the page.</summary>
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

    /// <summary>A rate never becomes all or nothing by rounding.</summary>
    private static double Rate(double share) =>
        share switch
        {
            > 1 - LeastRate and < 1 => 0.999,
            > 0 and < LeastRate => 0.001,
            _ => share,
        };

    /// <summary>What would read as nothing with a sign, -0.0, is nothing.</summary>
    private static double Difference(double points, double least) => Math.Abs(points) < least ? 0 : points;
}
