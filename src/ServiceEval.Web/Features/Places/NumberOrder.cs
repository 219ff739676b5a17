namespace ServiceEval.Web.Features.Places;

/// <summary>Compares window numbers in the order that people expect: 2 before 10, digits before letters.</summary>
internal sealed class NumberOrder : IComparer<string>
{
    public static readonly NumberOrder Instance = new();

    private static readonly StringComparer Natural = StringComparer.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        System.Globalization.CompareOptions.NumericOrdering
    );

    public int Compare(string? x, string? y) => Natural.Compare(x, y);
}
