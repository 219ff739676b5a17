using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace ServiceEval.Web.Tables;

/// <summary>
/// Reads the rows of a CSV file. A row with an error of its own becomes a faulty row, and reading continues. If
/// unbalanced quotes have swallowed line ends, nothing after them is certain, and reading ends.
/// </summary>
internal static class CsvTable
{
    /// <summary>
    /// The maximum length of a field in characters. It limits the memory that an unclosed quote can use.
    /// </summary>
    private const int MaxField = 4 * 1024 * 1024;

    /// <exception cref="UnreadableTableException">The file is empty, its encoding is uncertain, or its header cannot be
    /// read.</exception>
    public static Table Open(Stream stream, TableShape shape, CancellationToken ct)
    {
        var form = TextForm.Of(stream, ct);
        var (separator, isStated) = Separators.Of(FirstLine(stream, form), shape);
        var text = TextOf(stream, form);
        if (isStated)
            text.ReadLine();
        var rows = new CsvRows(
            text,
            separator,
            isGb18030: form.Encoding == LineEncodings.Gb18030,
            linesBefore: isStated ? 1 : 0
        );
        TableRow? header;
        do header = rows.Next() ?? throw new UnreadableTableException("文件是空的");
        while (Table.LastFilled(header.Cells) < 0);
        if (header.Fault is not null)
            throw new UnreadableTableException($"表头无法读取，请检查第 {header.Line} 行的引号和逗号");
        rows.Columns = header.Cells.Count;
        return new Table(form.Lines, header.Cells, rows.All(), rows);
    }

    private static string FirstLine(Stream stream, TextForm form)
    {
        var line = TextOf(stream, form).ReadLine() ?? "";
        return line.TrimStart().StartsWith('<')
            ? throw new UnreadableTableException(
                "这是网页或 XML 文件，只是改了扩展名，请用 Excel 打开后另存为 .xlsx 或 CSV 再导入"
            )
            : line;
    }

    private static StreamReader TextOf(Stream stream, TextForm form)
    {
        stream.Position = form.Mark;
        return new StreamReader(
            stream,
            form.Encoding,
            detectEncodingFromByteOrderMarks: false,
            bufferSize: 64 * 1024,
            leaveOpen: true
        );
    }

    private sealed class CsvRows : IDisposable
    {
        private readonly CsvParser _parser;
        private readonly string _separator;
        private readonly bool _isGb18030;
        private readonly int _linesBefore;
        private bool _isBad;

        public CsvRows(TextReader text, char separator, bool isGb18030, int linesBefore)
        {
            (_separator, _isGb18030, _linesBefore) = (separator.ToString(), isGb18030, linesBefore);
            _parser = new CsvParser(
                text,
                new CsvConfiguration(CultureInfo.InvariantCulture)
                {
                    Delimiter = _separator,
                    TrimOptions = TrimOptions.Trim | TrimOptions.InsideQuotes,
                    IgnoreBlankLines = false,
                    MaxFieldSize = MaxField,
                    BadDataFound = _ => _isBad = true,
                }
            );
        }

        /// <summary>The number of columns in the header. While it is null, rows of any length are accepted.</summary>
        public int? Columns { get; set; }

        public IEnumerable<TableRow> All()
        {
            while (Next() is { } row)
                if (row.Fault is not null || Table.LastFilled(row.Cells) >= 0)
                    yield return row;
        }

        public void Dispose() => _parser.Dispose();

        /// <summary>Returns the next row, or null at the end of the file.</summary>
        public TableRow? Next()
        {
            var line = _parser.RawRow + _linesBefore + 1L;
            string[] cells;
            try
            {
                if (!_parser.Read())
                    return null;
                _isBad = false;
                // The parser trims only ASCII spaces, and only outside the quotes.
                cells = Array.ConvertAll(_parser.Record!, cell => cell.Trim());
            }
            catch (MaxFieldSizeException)
            {
                throw Doubtful(line);
            }
            var fault = FaultOf(ref cells, line);
            return fault is null || _parser.RawRow + _linesBefore == line
                ? new TableRow(line, cells, fault)
                : throw Doubtful(line);
        }

        private string? FaultOf(ref string[] cells, long line)
        {
            if (cells.Sum(c => c.Length) > TableRow.MaxLength)
                return TableRow.TooLong;
            if (_isBad)
                return FaultOfQuotes(ref cells, line);
            if (_isGb18030 && Gb18030Text.Restore(cells) is { } character)
                return Gb18030Text.Fault(character);
            return Columns is { } columns && cells.Length != columns && cells is not [""]
                ? TableRow.Uneven(cells.Length, columns)
                : null;
        }

        private string FaultOfQuotes(ref string[] cells, long line)
        {
            var raw = _parser.RawRecord.TrimEnd('\r', '\n');
            if (raw.Count(c => c == '"') % 2 == 1)
                throw Doubtful(line);
            // The raw text is split at every separator, because with wrong quotes the end of a cell is uncertain.
            cells = raw.Split(_separator);
            return "引号用得不对，含引号的内容应整个放在引号里，其中的引号写两遍";
        }

        private static UnreadableTableException Doubtful(long line) =>
            new($"从第 {line} 行起引号没有配对，后面的内容无法确定");
    }
}
