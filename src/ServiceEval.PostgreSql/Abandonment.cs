using Npgsql;

namespace ServiceEval.PostgreSql;

/// <summary>
/// Gives up a query in time. To cancel a query, the driver asks the server over another connection. If the server
/// hangs, that takes the same time again. So the query is not cancelled. The caller stops waiting, and the query ends
/// by itself.
/// </summary>
internal static class Abandonment
{
    /// <summary>
    /// Runs <paramref name="work"/> on the connection until the work ends or the token is cancelled. After a
    /// cancellation the connection belongs to the work alone.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled. The work may still take
    /// effect.</exception>
    public static async Task<T> OrGiveUpAsync<T>(
        this NpgsqlConnection connection,
        Func<Task<T>> work,
        CancellationToken ct
    )
    {
        var working = work();
        try
        {
            return await working.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            _ = EndAsync(connection, working);
            throw;
        }
    }

    /// <summary>
    /// Returns the connection to the pool. Its transaction is rolled back. If the server has already ended the
    /// connection, that is not an error.
    /// </summary>
    public static async Task EndAsync(this NpgsqlConnection connection)
    {
        try
        {
            await connection.DisposeAsync();
        }
        catch (NpgsqlException) { }
    }

    private static async Task EndAsync(NpgsqlConnection connection, Task working)
    {
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.EndAsync();
    }
}
