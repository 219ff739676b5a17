namespace ServiceEval.Web.Features.Exchange;

/// <summary>A row of a file of ratings, independent of the file format.</summary>
/// <param name="Line">The physical line, or the row of the sheet, where the row begins; counted from 1.</param>
/// <param name="Values">The values in the order of <see cref="Columns.Names"/>. In a row with a fault, surplus cells
/// follow.</param>
/// <param name="Fault">The reason why the row could not be read, without the full stop.</param>
internal sealed record FileRow(long Line, string[] Values, string? Fault = null)
{
    public string this[int column] => Values[column];
}
