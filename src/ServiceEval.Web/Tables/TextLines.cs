namespace ServiceEval.Web.Tables;

/// <summary>
/// Reads a file's physical lines as bytes, without keeping them in memory. Splitting bytes is safe, because in UTF-8
/// and in GB18030 no byte of a multi-byte character equals a line end.
/// </summary>
internal static class TextLines
{
    private const int MaxLine = 4 * 1024 * 1024;

    /// <summary>Returns the lines. Each line is valid only until the next line is read.</summary>
    /// <exception cref="UnreadableTableException">A line is too long for a text file.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(Stream stream)
    {
        var buffer = new byte[256 * 1024];
        var (length, lines) = (0, 0L);
        for (int count; (count = stream.Read(buffer, length, buffer.Length - length)) > 0; )
        {
            length += count;
            var start = 0;
            for (int end; (end = EndOfLine(buffer.AsSpan(start, length - start))) >= 0; start += end)
            {
                lines++;
                yield return buffer.AsMemory(start, end);
            }
            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (length < buffer.Length)
                continue;
            if (length >= MaxLine)
                throw new UnreadableTableException($"第 {lines + 1} 行超过 {MaxLine >> 20} MiB，不像是 CSV 文件");
            Array.Resize(ref buffer, 2 * length);
        }
        if (length > 0)
            yield return buffer.AsMemory(0, length);
    }

    /// <summary>
    /// Returns the length of the first line including its line end; -1 if the end is not in the buffer yet.
    /// </summary>
    private static int EndOfLine(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAny((byte)'\n', (byte)'\r');
        if (at < 0)
            return -1;
        if (bytes[at] == '\n')
            return at + 1;
        // The next byte decides whether the line end is CR or CR LF.
        if (at + 1 == bytes.Length)
            return -1;
        return bytes[at + 1] == '\n' ? at + 2 : at + 1;
    }
}
