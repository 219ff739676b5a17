namespace ServiceEval.Web.Features.Exchange;

/// <summary>A row of an import file, whatever its format.</summary>
/// <param name="Line">The physical line, or the sheet's row, where it begins; from 1.</param>
/// <param name="Values">In the order of <see cref="Columns.Names"/>.</param>
/// <param name="Fault">What kept it from being read, without the full stop.</param>
internal sealed record FileRow(long Line, string[] Values, string? Fault = null)
{
    /// <summary>In characters. Several times what the longest lawful row needs; what is longer is told by its id alone.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>Excel leaves such rows below a table.</summary>
    public bool IsBlank => Fault is null && Array.TrueForAll(Values, v => v.Length == 0);

    public string this[int column] => Values[column];
}
