using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace ServiceEval.Web.Tables;

/// <param name="Number">The row number as the sheet shows it.</param>
/// <param name="Cells">The cells from column A on.</param>
internal sealed record SheetRow(long Number, IReadOnlyList<SheetCell> Cells);

/// <summary>
/// Reads the non-empty rows of a sheet one after another. <see cref="SheetFacts"/> must have checked the sheet first:
/// its pass limits the size of the rows.
/// </summary>
internal sealed class SheetRows(ZipArchiveEntry part, CellReader cells) : IDisposable
{
    private const int MaxColumns = 256;

    private readonly XmlReader _reader = XmlReader.Create(part.Open(), WorkbookBounds.Xml);
    private long _last;

    /// <summary>Returns the next row, or null at the end of the sheet.</summary>
    /// <exception cref="InvalidDataException">A row or a cell is out of order, or a shared string is
    /// missing.</exception>
    public SheetRow? Next()
    {
        while (_reader.Read())
        {
            if (_reader.NodeType != XmlNodeType.Element || _reader.LocalName != "row")
                continue;
            var number = Number();
            var row = Cells();
            if (row.Exists(c => c.Text.Length > 0 || c.Fault is not null))
                return new SheetRow(number, row);
        }
        return null;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Reads the row's number. A sheet may leave out empty rows and may leave out the row numbers.</summary>
    private long Number()
    {
        var number = _last + 1;
        if (
            _reader.GetAttribute("r") is { } stated
            && (!long.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number <= _last)
        )
            throw new InvalidDataException($"第 {Excerpt.Of(stated)} 行排在第 {_last} 行之后");
        return _last = number;
    }

    private List<SheetCell> Cells()
    {
        var row = new List<SheetCell>();
        if (_reader.IsEmptyElement)
            return row;
        var depth = _reader.Depth;
        while (_reader.Read() && _reader.Depth > depth)
        {
            if (_reader.NodeType != XmlNodeType.Element || _reader.LocalName != "c")
                continue;
            var column = _reader.GetAttribute("r") is { } place ? CellPlace.Column(place) : row.Count;
            if (column < row.Count)
                throw new InvalidDataException($"第 {_last} 行的单元格次序混乱");
            var cell = cells.Read(_reader);
            // Styled empty cells can extend to the last column, so empty cells are skipped. A value beyond the limit
            // still throws.
            if (cell.IsEmpty)
                continue;
            if (column >= MaxColumns)
                throw new InvalidDataException($"第 {_last} 行超过 {MaxColumns} 列");
            while (row.Count < column)
                row.Add(SheetCell.Empty);
            row.Add(cell);
        }
        return row;
    }
}
