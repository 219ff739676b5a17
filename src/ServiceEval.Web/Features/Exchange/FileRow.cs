namespace ServiceEval.Web.Features.Exchange;

/// <summary>A row of a file of ratings, whatever its format.</summary>
/// <param name="Line">The physical line, or the sheet's row, where it begins; from 1.</param>
/// <param name="Values">In the order of <see cref="Columns.Names"/>.</param>
/// <param name="Fault">What kept it from being read, without the full stop.</param>
internal sealed record FileRow(long Line, string[] Values, string? Fault = null)
{
    public string this[int column] => Values[column];
}
