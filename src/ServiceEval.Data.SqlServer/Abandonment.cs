using Microsoft.Data.SqlClient;

namespace ServiceEval.Data.SqlServer;

/// <summary>
/// Giving up in time. The driver gives a query up by telling the server and waiting for its word; where the server hangs,
/// that takes five seconds. So it is not told, and what nobody waits for ends by itself.
/// </summary>
internal static class Abandonment
{
    /// <summary>Runs <paramref name="work"/> on the connection until it ends or the token says so; given up, the connection is its alone.</summary>
    /// <exception cref="OperationCanceledException">Given up: what it was doing may still come to be.</exception>
    public static async Task<T> OrGiveUpAsync<T>(this SqlConnection connection, Func<Task<T>> work, CancellationToken ct)
    {
        var working = work();
        try
        {
            return await working.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            _ = DropAsync(connection, working);
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

    private static async Task DropAsync(SqlConnection connection, Task working)
    {
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DropAsync();
    }
}
