using Microsoft.Data.SqlClient;

namespace ServiceEval.SqlServer;

/// <summary>
/// Gives up a query in time. To cancel a query, the driver tells the server and waits for its answer. If the server
/// hangs, that takes five seconds. So the query is not cancelled. The caller stops waiting, and the query ends by
/// itself.
/// </summary>
internal static class Abandonment
{
    /// <summary>
    /// Runs <paramref name="work"/> on the connection until the work ends or the token is cancelled. After a
    /// cancellation the connection belongs to the work alone.
    /// </summary>
    /// <param name="afterwards">Handles the connection when work that was given up has ended without an error. If it is
    /// null, the connection is closed.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled. The work may still take
    /// effect.</exception>
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
    /// Ends the session and everything that it began. A connection that only returns to the pool keeps its transaction
    /// and its locks until it is taken out of the pool again.
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
