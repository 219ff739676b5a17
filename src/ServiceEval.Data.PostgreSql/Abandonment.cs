using Npgsql;

namespace ServiceEval.Data.PostgreSql;

/// <summary>
/// Giving up in time. The driver gives a query up by asking the server, over another connection, to cancel it; where
/// the server hangs, that takes as long again. So it is not told, and what nobody waits for ends by itself.
/// </summary>
internal static class Abandonment
{
    /// <summary>
    /// Runs <paramref name="work"/> on the connection until it ends or the token says so; given up, the connection is
    /// its alone.
    /// </summary>
    /// <exception cref="OperationCanceledException">Given up: what it was doing may still come to be.</exception>
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
    /// Gives the connection back, its transaction ended without a trace. That its server has ended it already is no
    /// fault any more.
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
