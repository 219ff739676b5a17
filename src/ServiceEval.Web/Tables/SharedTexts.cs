using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Xml;
using ServiceEval.Core.Files;

namespace ServiceEval.Web.Tables;

/// <summary>
/// The shared strings of a workbook, which are stored apart from the cells. They can take a gigabyte, so they are kept
/// in a file instead of memory. The file is in a folder that only this account can read and that is deleted afterwards.
/// </summary>
internal sealed class SharedTexts : IDisposable
{
    private readonly TemporaryFolder _folder = TemporaryFolder.ForImport();
    private readonly FileStream _file;
    private readonly List<long> _ends = [];

    /// <exception cref="XmlException">The workbook's part is not valid XML.</exception>
    public SharedTexts(ZipArchiveEntry? part, CancellationToken ct)
    {
        var path = Path.Combine(_folder.Path, "texts");
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 64 * 1024);
        try
        {
            if (part is not null)
                Keep(part, ct);
            _file.Flush();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidDataException">No shared string has this index, or the file is incomplete.</exception>
    public string this[int index]
    {
        get
        {
            if (index < 0 || index >= _ends.Count)
                throw new InvalidDataException($"没有第 {index} 个共享文本");
            var start = index == 0 ? 0 : _ends[index - 1];
            var bytes = new byte[_ends[index] - start];
            for (var read = 0; read < bytes.Length; )
            {
                var count = RandomAccess.Read(_file.SafeFileHandle, bytes.AsSpan(read), start + read);
                if (count == 0)
                    throw new InvalidDataException("共享文本不完整");
                read += count;
            }
            return Encoding.UTF8.GetString(bytes);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    private void Keep(ZipArchiveEntry part, CancellationToken ct)
    {
        using var pieces = new PieceStream(part.Open(), part.FullName, WorkbookBounds.MaxPiece);
        using var reader = XmlReader.Create(pieces, WorkbookBounds.Xml);
        var end = 0L;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != 1)
                continue;
            pieces.Restart();
            if (reader.LocalName != "si")
                continue;
            var text = Encoding.UTF8.GetBytes(CellContent.Read(reader).Text);
            _file.Write(text);
            _ends.Add(end += text.Length);
            if (_ends.Count % 1000 == 0)
                ct.ThrowIfCancellationRequested();
        }
    }
}
