using nietras.SeparatedValues;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The rows of a CSV file. A row that is wrong in itself is a faulty row; one whose quotes have swallowed lines makes all
/// that follows doubtful, and ends the reading.
/// </summary>
internal static class CsvRows
{
    /// <summary>What the parser may take into memory in search of a row's end, in characters.</summary>
    private const int MaxSearched = 4 * 1024 * 1024;

    /// <exception cref="StartException">The file is empty, or its header is wrong.</exception>
    public static IEnumerable<FileRow> Open(TextReader text)
    {
        var bounded = new BoundedReader(text);
        var reader = Sep.New(',').Reader(o => o with { HasHeader = false, DisableColCountCheck = true }).From(bounded);
        if (!reader.MoveNext()) throw new StartException("文件是空的，没有导入任何内容。");
        var header = reader.Current;
        if (header.Span.Length > FileRow.MaxLength || Fields(header) is not { } names)
            throw new StartException("表头无法读取，请检查第 1 行的引号和逗号，没有导入任何内容。");
        return Rows(reader, bounded, Columns.Of(names), header.LineNumberToExcl);
    }

    private static IEnumerable<FileRow> Rows(SepReader reader, BoundedReader bounded, Columns columns, long line)
    {
        using (reader)
        {
            while (Next(reader, bounded, line))
            {
                var row = Read(reader.Current, columns);
                line = reader.Current.LineNumberToExcl;
                if (!row.IsBlank) yield return row;
            }
        }
    }

    private static bool Next(SepReader reader, BoundedReader bounded, long line)
    {
        try
        {
            bounded.Restart();
            return reader.MoveNext();
        }
        catch (BoundExceededException)
        {
            throw Doubtful(line);
        }
    }

    private static FileRow Read(SepReader.Row row, Columns columns)
    {
        var line = row.LineNumberFrom;
        var isOneLine = row.LineNumberToExcl == line + 1;
        if (row.Span.Length > FileRow.MaxLength)
            return isOneLine ? new FileRow(line, columns.PickId(Raw(row)), $"这一行超过 {FileRow.MaxLength} 个字符，请在原文件中改正") : throw Doubtful(line);
        if (Fields(row) is not { } fields)
            return isOneLine && !row.Span.IsOdd('"') ? new FileRow(line, columns.Pick(Raw(row)), "引号用得不对，含引号的内容应整个放在引号里，其中的引号写两遍") : throw Doubtful(line);
        if (fields.Length == columns.Count || fields is [""]) return new FileRow(line, columns.Pick(fields));
        return isOneLine ? new FileRow(line, columns.Pick(fields), $"这一行有 {fields.Length} 列，表头有 {columns.Count} 列") : throw Doubtful(line);
    }

    private static string[] Raw(SepReader.Row row)
    {
        var fields = new string[row.ColCount];
        for (var i = 0; i < fields.Length; i++) fields[i] = row[i].ToString();
        return fields;
    }

    /// <summary>Without their quotes; null if a quote stands where none may.</summary>
    private static string[]? Fields(SepReader.Row row)
    {
        var fields = new string[row.ColCount];
        for (var i = 0; i < fields.Length; i++)
        {
            var field = row[i].Span.Trim();
            if (!field.Contains('"'))
            {
                fields[i] = field.ToString();
                continue;
            }
            if (field.Length < 2 || field[0] != '"' || field[^1] != '"') return null;
            var inner = field[1..^1].ToString().Replace("\"\"", "\0", StringComparison.Ordinal);
            if (inner.Contains('"', StringComparison.Ordinal)) return null;
            fields[i] = inner.Replace('\0', '"').Trim();
        }
        return fields;
    }

    private static bool IsOdd(this ReadOnlySpan<char> text, char of) => text.Count(of) % 2 == 1;

    private static StartException Doubtful(long line) => new($"从第 {line} 行起引号没有配对，后面的内容无法确定，导入到此为止；请改正后再导入，已导入的不会重复。");

    /// <summary>Hands out only so much before it is told that a row has been found.</summary>
    private sealed class BoundedReader(TextReader text) : TextReader
    {
        private int _left = MaxSearched;

        public void Restart() => _left = MaxSearched;

        public override int Read(Span<char> buffer)
        {
            if (_left <= 0) throw new BoundExceededException();
            var count = text.Read(buffer[..Math.Min(buffer.Length, _left)]);
            _left -= count;
            return count;
        }

        public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

        protected override void Dispose(bool disposing)
        {
            if (disposing) text.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class BoundExceededException : Exception;
}
