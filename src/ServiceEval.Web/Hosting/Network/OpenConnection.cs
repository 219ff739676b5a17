using System.Diagnostics;
using Microsoft.AspNetCore.Connections;

namespace ServiceEval.Web.Hosting.Network;

/// <summary>What a connection does now; those in front are the first to be closed when there are too many.</summary>
internal enum ConnectionState
{
    /// <summary>It has not asked for anything yet, or its first request is not whole.</summary>
    New,

    /// <summary>Between two requests.</summary>
    Idle,

    /// <summary>A request is being answered.</summary>
    Busy,

    /// <summary>It bears a screen, which the hub has its own limits for.</summary>
    Screen,

    /// <summary>It was told to close and has not yet.</summary>
    Leaving,
}

/// <summary>One connection of the table. A feature of the connection, so a request finds its own.</summary>
/// <param name="client">The peer's networks. Null for a tool of this machine and a known proxy.</param>
internal sealed class OpenConnection(ConnectionTable table, ConnectionContext transport, ClientNetwork? client)
{
    public ClientNetwork? Client => client;
    public ConnectionState State { get; set; }

    /// <summary>When it came into its present state.</summary>
    public long Since { get; set; } = Stopwatch.GetTimestamp();

    /// <summary>Requests under way: HTTP/2 has several.</summary>
    public int Requests { get; set; }
    public int Screens { get; set; }
    public LinkedListNode<OpenConnection>? Place { get; set; }

    public void Begin() => table.Change(this, requests: 1);

    public void End() => table.Change(this, requests: -1);

    public void AddScreen() => table.Change(this, screens: 1);

    public void RemoveScreen() => table.Change(this, screens: -1);

    /// <summary>Requests that are being answered are cancelled.</summary>
    public void Close() =>
        transport.Abort(new ConnectionAbortedException("Too many connections, or idle for too long."));
}
