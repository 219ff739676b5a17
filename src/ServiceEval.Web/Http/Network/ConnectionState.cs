using System.Diagnostics;
using Microsoft.AspNetCore.Connections;

namespace ServiceEval.Web.Http.Network;

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
