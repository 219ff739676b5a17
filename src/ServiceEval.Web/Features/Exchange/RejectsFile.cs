using System.Globalization;
using System.Text;
using nietras.SeparatedValues;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The rows that were not imported, each with its line and the reason, to be mended and imported as it is. There only if
/// there are such rows; with a mark, so that Excel reads it as UTF-8.
/// </summary>
internal sealed class RejectsFile : IDisposable
{
    private static readonly UTF8Encoding MarkedUtf8 = new(encoderShouldEmitUTF8Identifier: true);
    private static readonly IReadOnlyList<string> Header = [.. Columns.OfRejects, .. Columns.Names];

    private readonly FileStream _file;
    private readonly SepWriter _writer;
    private bool _isEmpty = true;

    private RejectsFile(FileStream file)
    {
        _file = file;
        _writer = Sep.New(',').Writer(o => o with { WriteHeader = false, Escape = true }).To(new StreamWriter(file, MarkedUtf8, leaveOpen: true));
        Write(Header);
    }

    /// <summary>An earlier import's rejects are overwritten; any other file is not.</summary>
    /// <exception cref="StartException">It can't be written.</exception>
    public static RejectsFile Create(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            if (IsOurs(file))
            {
                file.SetLength(0);
                return new RejectsFile(file);
            }
            file.Dispose();
            throw new StartException($"{path} 已存在，且不是未导入清单；请用 --rejects 另指一个文件，没有导入任何内容。");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new StartException($"未导入清单 {path} 无法写入：{e.Message} 请用 --rejects 另指一个文件，没有导入任何内容。", e);
        }
    }

    /// <exception cref="IOException">It can't be written any more.</exception>
    public void Add(FileRow row, string reason)
    {
        _isEmpty = false;
        Write([row.Line.ToString(CultureInfo.InvariantCulture), reason, .. row.Values]);
    }

    /// <exception cref="IOException">It can't be written any more.</exception>
    public void Flush()
    {
        _writer.Flush();
        _file.Flush();
    }

    public void Dispose()
    {
        try
        {
            Flush();
            // A device that swallows what is written stays empty, and stays.
            if (_isEmpty && _file.Length > 0) File.Delete(_file.Name);
            _writer.Dispose();
        }
        catch (IOException)
        {
            // Said where it was flushed before; this is the way out.
        }
        _file.Dispose();
    }

    private static bool IsOurs(FileStream file)
    {
        var expected = (byte[])[.. MarkedUtf8.Preamble, .. Encoding.UTF8.GetBytes(string.Join(',', Header))];
        var found = new byte[expected.Length];
        var count = file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return count == 0 || found.AsSpan(0, count).SequenceEqual(expected);
    }

    private void Write(IReadOnlyList<string> fields)
    {
        using var row = _writer.NewRow();
        for (var i = 0; i < fields.Count; i++) row[i].Set(fields[i]);
    }
}
