using System.IO.Compression;
using System.Xml;

namespace ServiceEval.Web.Tables;

/// <summary>
/// Limits the bytes of each piece of a part. The reader calls Restart at the start of a new piece.
/// </summary>
internal sealed class PieceStream(Stream part, string name, int most) : Stream
{
    private readonly int _most = most;
    private int _left = most;

    // A stream that can only be read forwards. The members for seeking and writing throw, as the contract of Stream
    // requires if CanSeek and CanWrite are false.
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Restart() => _left = _most;

    public override int Read(Span<byte> buffer)
    {
        if (_left <= 0)
            throw WorkbookBounds.TooMuch($"的部件 {name} 中有一行或一格超过 {_most >> 20} MiB");
        var count = part.Read(buffer[..Math.Min(buffer.Length, _left)]);
        _left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            part.Dispose();
        base.Dispose(disposing);
    }
}
