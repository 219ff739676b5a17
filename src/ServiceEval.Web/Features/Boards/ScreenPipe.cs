using System.Buffers;
using System.IO.Pipelines;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// Passes the input of a connection to the hub one message at a time. SignalR reads the next message only after the
/// current one was admitted. So a wait here holds back everything that the connection sends (backpressure).
/// </summary>
/// <param name="admit">Completes when the message may be passed on.</param>
internal sealed class ScreenPipe(IDuplexPipe whole, Func<ReadOnlySequence<byte>, ValueTask> admit)
    : PipeReader,
        IDuplexPipe
{
    /// <summary>
    /// The byte that ends each message of SignalR's JSON protocol. The hub supports no other protocol.
    /// </summary>
    private const byte EndOfMessage = 0x1E;

    private ReadOnlySequence<byte> _handed;

    /// <summary>The number of bytes at the beginning that were passed on already and were not consumed.</summary>
    private long _known;

    public PipeReader Input => this;
    public PipeWriter Output => whole.Output;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await whole.Input.ReadAsync(cancellationToken);
        var fresh = result.Buffer.Slice(_known);
        // A part of a message is passed on unchanged, because SignalR refuses a message that is too long before its
        // end.
        if (result.IsCanceled || fresh.PositionOf(EndOfMessage) is not { } last)
            return Hand(result, result.Buffer.End);
        var end = fresh.GetPosition(1, last);
        await admit(fresh.Slice(0, end));
        return Hand(result, end);
    }

    /// <summary>Always returns false, so that the caller must wait in <c>ReadAsync</c>.</summary>
    public override bool TryRead(out ReadResult result)
    {
        result = default;
        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _known = _handed.IsEmpty ? 0 : _handed.Slice(consumed).Length;
        whole.Input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => whole.Input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => whole.Input.Complete(exception);

    private ReadResult Hand(ReadResult result, SequencePosition end)
    {
        _handed = result.Buffer.Slice(0, end);
        // The connection is not reported as completed while messages follow this one.
        var isAll = _handed.Length == result.Buffer.Length;
        return new ReadResult(_handed, result.IsCanceled, result.IsCompleted && isAll);
    }
}
