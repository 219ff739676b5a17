using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>A file of ratings, opened and found legible.</summary>
/// <param name="Lines">How many there are, for the progress.</param>
/// <param name="Rows">One after the other, without the header; may end in a <see cref="StartException"/>.</param>
internal sealed record ImportFile(long Lines, IEnumerable<FileRow> Rows)
{
    /// <summary>Told by what is in it: people rename files.</summary>
    /// <exception cref="StartException">It can't be read; the sentence says that nothing was imported.</exception>
    public static ImportFile Open(Stream stream, CancellationToken ct)
    {
        Span<byte> beginning = stackalloc byte[8];
        beginning = beginning[..stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (beginning.StartsWith("PK\u0003\u0004"u8)) return Workbook.Open(stream, ct);
        if (beginning is [0xD0, 0xCF, 0x11, 0xE0, ..]) throw new StartException("这是旧版 Excel（.xls）或加密的工作簿，请另存为不加密的 .xlsx 或 CSV 后再导入，没有导入任何内容。");

        var form = TextForm.Of(stream, ct);
        stream.Position = form.Mark;
        return new ImportFile(form.Lines, CsvRows.Open(new StreamReader(stream, form.Encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024)));
    }
}
