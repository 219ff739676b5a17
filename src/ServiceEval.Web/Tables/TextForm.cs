using System.Text;

namespace ServiceEval.Web.Tables;

/// <summary>
/// The encoding of a text file. The whole file is read once before the import, because text read in a wrong encoding
/// would stay in the ledger. The encoding is checked for each line, because most UTF-8 text can be decoded as GB18030
/// without an error, but as nonsense.
/// </summary>
/// <param name="Mark">The length of the byte order mark in bytes; 0 if the file has none.</param>
internal sealed record TextForm(Encoding Encoding, int Mark, long Lines)
{
    /// <exception cref="UnreadableTableException">The file is neither UTF-8 nor GB18030, mixes both, or could be
    /// either.</exception>
    public static TextForm Of(Stream stream, CancellationToken ct)
    {
        var first = new Dictionary<LineEncoding, long>();
        var (mark, isMarkedUtf8, lines, chinese) = (0, false, 0L, 0L);
        foreach (var line in TextLines.Of(stream))
        {
            ct.ThrowIfCancellationRequested();
            var bytes = line.Span;
            if (lines++ == 0)
            {
                if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
                    throw Uncertain("文件是 UTF-16 编码，请另存为 UTF-8 后再导入");
                if (bytes.StartsWith(Encoding.UTF8.Preamble))
                    (mark, isMarkedUtf8) = (Encoding.UTF8.Preamble.Length, true);
                if (bytes.StartsWith(LineEncodings.Gb18030Mark))
                    (mark, first[LineEncoding.Gb18030]) = (LineEncodings.Gb18030Mark.Length, lines);
                bytes = bytes[mark..];
            }
            if (bytes.Contains((byte)0))
                throw Uncertain($"第 {lines} 行有空字符，文件可能是 UTF-16 编码或不是文本，请另存为 UTF-8 后再导入");
            var encoding = LineEncodings.Of(bytes);
            if (isMarkedUtf8 && encoding is LineEncoding.Gb18030 or LineEncoding.Neither)
                throw Uncertain($"文件开头标明是 UTF-8，第 {lines} 行却不是，请另存为 UTF-8 后再导入");
            if (encoding == LineEncoding.Neither)
                throw Uncertain($"第 {lines} 行既不是 UTF-8 也不是 GB18030，请另存为 UTF-8 后再导入");
            first.TryAdd(encoding, lines);
            if (encoding == LineEncoding.Gb18030)
                chinese += LineEncodings.LikelihoodOfChinese(bytes);
        }
        var chosen = isMarkedUtf8 ? LineEncodings.Utf8 : Choose(first);
        // Nearly every text in a two-byte encoding, and many a text in a Western encoding, is valid GB18030.
        if (chosen == LineEncodings.Gb18030 && chinese < 0)
            throw Uncertain(
                $"文件不是 UTF-8，按 GB18030 读出来又不像中文（如第 {first[LineEncoding.Gb18030]} 行），请另存为 UTF-8 后再导入"
            );
        return new TextForm(chosen, mark, lines);
    }

    private static Encoding Choose(Dictionary<LineEncoding, long> first)
    {
        var (utf8, gb) = (first.GetValueOrDefault(LineEncoding.Utf8), first.GetValueOrDefault(LineEncoding.Gb18030));
        if (utf8 > 0 && gb > 0)
            throw Uncertain($"文件里混有两种编码，第 {utf8} 行是 UTF-8，第 {gb} 行是 GB18030，请统一为 UTF-8 后再导入");
        if (gb > 0)
            return LineEncodings.Gb18030;
        // This happens only if the file has very few non-ASCII characters. A wrong guess could not be corrected,
        // because the ledger is append-only.
        if (utf8 == 0 && first.TryGetValue(LineEncoding.Either, out var line))
            throw Uncertain($"看不出文件是 UTF-8 还是 GB18030（如第 {line} 行），请另存为“UTF-8（带 BOM）”后再导入");
        return LineEncodings.Utf8;
    }

    private static UnreadableTableException Uncertain(string what) => new(what);
}
