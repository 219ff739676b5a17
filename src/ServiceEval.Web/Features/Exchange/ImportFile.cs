using ServiceEval.Core;
using ServiceEval.Web.Tables;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>An open file of ratings whose encoding and header can be read.</summary>
internal sealed class ImportFile : IDisposable
{
    private static readonly TableShape Shape = new(Columns.Names, [Columns.Names[Columns.SubmittedAt]]);

    private readonly Table _table;
    private readonly Columns _columns;

    private ImportFile(Table table, Columns columns) => (_table, _columns) = (table, columns);

    /// <summary>The number of lines, for the progress.</summary>
    public long Lines => _table.Lines;

    /// <summary>The rows one after another, without the header.</summary>
    /// <exception cref="OperatorException">The rest of the file cannot be read. The rows imported so far stay
    /// stored.</exception>
    public IEnumerable<FileRow> Rows
    {
        get
        {
            using var rows = _table.Rows.GetEnumerator();
            while (Next(rows))
                yield return FileRow(rows.Current);
        }
    }

    /// <exception cref="OperatorException">The file cannot be read. The message says that nothing was
    /// imported.</exception>
    public static ImportFile Open(Stream stream, CancellationToken ct)
    {
        Table? table = null;
        try
        {
            table = Table.Open(stream, Shape, ct);
            return new ImportFile(table, Columns.Of(table.Header));
        }
        catch (Exception e)
        {
            table?.Dispose();
            if (e is UnreadableTableException)
                throw new OperatorException($"{e.Message}，没有导入任何内容。", e);
            throw;
        }
    }

    public void Dispose() => _table.Dispose();

    private static bool Next(IEnumerator<TableRow> rows)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (UnreadableTableException e)
        {
            throw new OperatorException($"{e.Message}，导入到此为止；请改正后再导入，已导入的不会重复。", e);
        }
    }

    private FileRow FileRow(TableRow row) =>
        new(
            row.Line,
            row.IsDoubtful ? _columns.PickId(row.Cells)
                : row.Fault is null ? _columns.Pick(row.Cells)
                : _columns.PickAll(row.Cells),
            row.Fault
        );
}
