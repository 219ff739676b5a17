using Microsoft.Data.SqlClient;

namespace ServiceEval.Data.SqlServer;

/// <summary>
/// Giving up in time. The driver gives a query up by telling the server and waiting for its word; where the server
/// hangs, that takes five seconds. So it is not told, and what nobody waits for ends by itself.
/// </summary>
internal static class Abandonment
{
    /// <summary>
    /// Runs <paramref name="work"/> on the connection until it ends or the token says so; given up, the connection is
    /// its alone.
    /// </summary>
    /// <param name="afterwards">What becomes of the connection when work that was given up has ended well; null drops
    /// it.</param>
    /// <exception cref="OperationCanceledException">Given up: what it was doing may still come to be.</exception>
    public static async Task<T> OrGiveUpAsync<T>(
        this SqlConnection connection,
        Func<Task<T>> work,
        CancellationToken ct,
        Func<SqlConnection, Task>? afterwards = null
    )
    {
        var working = work();
        try
        {
            return await working.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            _ = EndAsync(connection, working, afterwards);
            throw;
        }
    }

    /// <summary>
    /// Ends the session, and with it whatever it had begun: a connection that merely goes back to the pool keeps its
    /// transaction, and the locks, until somebody takes it out again.
    /// </summary>
    public static async Task DropAsync(this SqlConnection connection)
    {
        SqlConnection.ClearPool(connection);
        await connection.DisposeAsync();
    }

    private static async Task EndAsync(SqlConnection connection, Task working, Func<SqlConnection, Task>? afterwards)
    {
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (
            working.IsCompletedSuccessfully && afterwards is not null ? afterwards(connection) : connection.DropAsync()
        );
    }
}
