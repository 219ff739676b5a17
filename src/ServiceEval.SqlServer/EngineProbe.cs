using Microsoft.Data.SqlClient;

namespace ServiceEval.SqlServer;

/// <summary>Distinguishes SQL Server from an engine that only speaks its protocol.</summary>
public static class EngineProbe
{
    private const int NoSuchDatabase = 911;
    private const int CannotOpenDatabase = 4060;

    /// <summary>
    /// The commit sends bytes as base64 in JSON. Babelfish for PostgreSQL does not decode them, and it ignores UPDLOCK
    /// and HOLDLOCK without an error. So rows would be altered, and the ledger would have no lock.
    /// </summary>
    internal const string Sql = "SELECT x FROM OPENJSON('[\"AQID\"]') WITH (x varbinary(max) '$')";

    /// <summary>
    /// Returns false if the engine reads bytes from JSON in another way than SQL Server. The database need not exist
    /// yet.
    /// </summary>
    /// <exception cref="SqlException">The server cannot be reached, or it refuses the login.</exception>
    public static async Task<bool> IsSqlServerAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            return await ReadsBytesAsync(ConnectionStrings.Complete(connectionString), ct);
        }
        catch (SqlException e) when (e.Number is NoSuchDatabase or CannotOpenDatabase)
        {
            return await ReadsBytesAsync(ConnectionStrings.OfServer(connectionString), ct);
        }
    }

    internal static bool IsRight(object? read) => read is byte[] and [1, 2, 3];

    private static async Task<bool> ReadsBytesAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = new SqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = Sql;
        try
        {
            return IsRight(await command.ExecuteScalarAsync(ct));
        }
        catch (SqlException e) when (Faults.IsAnswer(e))
        {
            // An engine that does not know the function is not SQL Server either.
            return false;
        }
    }
}
