using System.Diagnostics;
using Microsoft.AspNetCore.Connections;

namespace ServiceEval.Web.Http.Network;

/// <summary>
/// One connection of the table. It is stored as a feature of the connection, so that a request can find it. Every
/// request changes its state, so a change takes no lock.
/// </summary>
/// <param name="client">The peer's networks; null for a tool on this machine or a known proxy.</param>
internal sealed class OpenConnection(ConnectionContext transport, ClientNetwork? client)
{
    /// <summary>Added to the requests of a connection that was told to close, so that their number stays negative.</summary>
    private const int Closing = int.MinValue / 2;

    // HTTP/2 can have several requests in progress.
    private int _requests;
    private int _screens;
    private bool _hasBegun;
    private long _since = Stopwatch.GetTimestamp();

    public ClientNetwork? Client => client;

    public ConnectionState State =>
        Volatile.Read(ref _requests) switch
        {
            < 0 => ConnectionState.Leaving,
            _ when Volatile.Read(ref _screens) > 0 => ConnectionState.Screen,
            > 0 => ConnectionState.Busy,
            _ => _hasBegun ? ConnectionState.Idle : ConnectionState.New,
        };

    /// <summary>How long the connection has been in its present state.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(Since);

    /// <summary>The time at which the connection entered its present state, as a time stamp of <see cref="Stopwatch"/>.</summary>
    public long Since => Volatile.Read(ref _since);

    public void Begin()
    {
        if (Interlocked.Increment(ref _requests) == 1)
            Touch();
        _hasBegun = true;
    }

    public void End()
    {
        if (Interlocked.Decrement(ref _requests) == 0)
            Touch();
    }

    public void AddScreen() => Interlocked.Increment(ref _screens);

    public void RemoveScreen()
    {
        if (Interlocked.Decrement(ref _screens) == 0)
            Touch();
    }

    /// <summary>
    /// Marks the connection as told to close, if it is still in this state. A request that begins later does not
    /// change the mark.
    /// </summary>
    /// <returns>False if the state has changed meanwhile.</returns>
    public bool TryLeave(ConnectionState state)
    {
        var requests = Volatile.Read(ref _requests);
        return State == state
            && requests >= 0
            && (requests > 0) == (state == ConnectionState.Busy)
            && Interlocked.CompareExchange(ref _requests, requests + Closing, requests) == requests;
    }

    /// <summary>Closes the connection. Requests in progress are cancelled.</summary>
    public void Close() =>
        transport.Abort(new ConnectionAbortedException("Too many connections are open, or this one idled too long."));

    private void Touch() => Volatile.Write(ref _since, Stopwatch.GetTimestamp());
}
