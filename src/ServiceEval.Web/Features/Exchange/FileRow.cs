namespace ServiceEval.Web.Features.Exchange;

/// <summary>A row of an import file, whatever its format.</summary>
/// <param name="Line">The physical line, or the sheet's row, where it begins; from 1.</param>
/// <param name="Values">In the order of <see cref="Columns.Names"/>.</param>
/// <param name="Fault">What kept it from being read, without the full stop.</param>
internal sealed record FileRow(long Line, string[] Values, string? Fault = null)
{
    /// <summary>Excel leaves such rows below a table.</summary>
    public bool IsBlank => Fault is null && Array.TrueForAll(Values, v => v.Length == 0);

    public string this[int column] => Values[column];
}
