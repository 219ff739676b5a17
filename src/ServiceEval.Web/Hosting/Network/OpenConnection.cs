using System.Diagnostics;
using Microsoft.AspNetCore.Connections;

namespace ServiceEval.Web.Hosting.Network;

/// <summary>The state of a connection. If there are too many connections, an earlier state is closed first.</summary>
internal enum ConnectionState
{
    /// <summary>No request has arrived yet, or the first request is incomplete.</summary>
    New,

    /// <summary>The connection waits for the next request (keep-alive).</summary>
    Idle,

    /// <summary>A request is being answered.</summary>
    Busy,

    /// <summary>The connection carries a screen. The hub has its own limits for screens.</summary>
    Screen,

    /// <summary>The connection was told to close but is still open.</summary>
    Leaving,
}

/// <summary>
/// One connection of the table. It is stored as a feature of the connection, so that a request can find it.
/// </summary>
/// <param name="client">The peer's networks; null for a tool on this machine or a known proxy.</param>
internal sealed class OpenConnection(ConnectionTable table, ConnectionContext transport, ClientNetwork? client)
{
    public ClientNetwork? Client => client;
    public ConnectionState State { get; set; }

    /// <summary>The time at which the connection entered its present state.</summary>
    public long Since { get; set; } = Stopwatch.GetTimestamp();

    /// <summary>The number of requests in progress. HTTP/2 can have several.</summary>
    public int Requests { get; set; }
    public int Screens { get; set; }
    public LinkedListNode<OpenConnection>? Place { get; set; }

    public void Begin() => table.Change(this, requests: 1);

    public void End() => table.Change(this, requests: -1);

    public void AddScreen() => table.Change(this, screens: 1);

    public void RemoveScreen() => table.Change(this, screens: -1);

    /// <summary>Closes the connection. Requests in progress are cancelled.</summary>
    public void Close() =>
        transport.Abort(new ConnectionAbortedException("Too many connections are open, or this one idled too long."));
}
