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
        var (first, blank) = FirstLine(stream, form);
        var (separator, isStated) = Separators.Of(first, shape);
        var text = TextOf(stream, form);
        var linesBefore = isStated ? blank + 1 : 0;
        for (var i = 0; i < linesBefore; i++)
            text.ReadLine();
        var rows = new CsvRows(text, separator, isGb18030: form.Encoding == LineEncodings.Gb18030, linesBefore);
        TableRow? header;
        do header = rows.Next() ?? throw new UnreadableTableException("文件是空的");
        while (Table.LastFilled(header.Cells) < 0);
        if (header.Fault is not null)
            throw new UnreadableTableException($"表头无法读取，请检查第 {header.Line} 行的引号和逗号");
        rows.Header = Table.HeaderOf(header.Cells);
        return new Table(form.Lines, rows.Header, rows.All(), rows);
    }

    /// <summary>Returns the first line that is not blank, and the number of blank lines before it.</summary>
    private static (string Line, int Blank) FirstLine(Stream stream, TextForm form)
    {
        var text = TextOf(stream, form);
        var blank = 0;
        var line = text.ReadLine();
        for (; line is not null && Separators.IsBlank(line); blank++)
            line = text.ReadLine();
        return line?.TrimStart().StartsWith('<') == true
            ? throw new UnreadableTableException(
                "这是网页或 XML 文件，只是改了扩展名，请用 Excel 打开后另存为 .xlsx 或 CSV 再导入"
            )
            : (line ?? "", blank);
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

        /// <summary>The names of the columns. While it is null, rows of any length are accepted.</summary>
        public IReadOnlyList<string>? Header { get; set; }

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
            // Wrong quotes over several lines: the quotes may have swallowed whole rows.
            if (_isBad && _parser.RawRow + _linesBefore != line)
                throw Doubtful(line);
            if (TableRow.IsTooLong(cells))
                return new TableRow(line, cells, TableRow.TooLong, IsDoubtful: true);
            if (_isBad)
                return WithWrongQuotes(line);
            return new TableRow(line, cells, FaultOf(cells), IsDoubtful: cells.Length < (Header?.Count ?? 0));
        }

        private string? FaultOf(string[] cells)
        {
            if (_isGb18030 && Gb18030Text.Restore(cells) is { } character)
                return Gb18030Text.Fault(character);
            return Header is null ? null : TableRow.FaultOfShape(cells, Header);
        }

        private TableRow WithWrongQuotes(long line)
        {
            var raw = _parser.RawRecord.TrimEnd('\r', '\n');
            if (raw.Count(c => c == '"') % 2 == 1)
                throw Doubtful(line);
            // The raw text is split at every separator, because with wrong quotes the end of a cell is uncertain.
            var cells = Array.ConvertAll(raw.Split(_separator), cell => cell.Trim().Trim('"'));
            return new TableRow(
                line,
                cells,
                "引号用得不对，含引号的内容应整个放在引号里，其中的引号写两遍，请在原文件中改正",
                IsDoubtful: true
            );
        }

        private static UnreadableTableException Doubtful(long line) =>
            new($"从第 {line} 行起引号没有配对，后面的内容无法确定");
    }
}
