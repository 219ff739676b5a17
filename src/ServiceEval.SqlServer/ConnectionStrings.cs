using Microsoft.Data.SqlClient;

namespace ServiceEval.SqlServer;

/// <summary>
/// Adds our settings to the connection string of the installation. A connection time-out or application name in this
/// string stays as it is.
/// </summary>
internal static class ConnectionStrings
{
    /// <summary>
    /// After this time the citizen gets the answer that nothing was stored. A server that can be reached answers in
    /// milliseconds.
    /// </summary>
    private const int ConnectSeconds = 2;

    private const string Name = "ServiceEval";

    /// <exception cref="ArgumentException">The text is not a connection string for SQL Server.</exception>
    public static string Complete(string connectionString) => Builder(connectionString).ToString();

    /// <summary>Returns the connection string of the server without our database, which may not exist yet.</summary>
    public static string OfServer(string connectionString) =>
        new SqlConnectionStringBuilder(Complete(connectionString)) { InitialCatalog = "" }.ToString();

    /// <summary>
    /// Returns the connection string for the hot transaction. The transaction begins in one batch and ends in another.
    /// With MARS it would end with the first batch.
    /// </summary>
    public static string OfStore(string connectionString)
    {
        var builder = Builder(connectionString, "store");
        builder.MultipleActiveResultSets = false;
        builder.CommandTimeout = 5;
        // A broken session must be known as broken. By default the driver begins another session and goes on in it.
        builder.ConnectRetryCount = 0;
        return builder.ToString();
    }

    /// <summary>
    /// Returns the connection string for the question whether a commit succeeded. A connection that was open before
    /// cannot answer it.
    /// </summary>
    public static string Unpooled(string connectionString) =>
        new SqlConnectionStringBuilder(OfStore(connectionString)) { Pooling = false }.ToString();

    /// <summary>
    /// Returns the connection string for reads of one snapshot. Not every version resets the isolation level with the
    /// session, so these sessions have a separate pool.
    /// </summary>
    public static string OfSnapshots(string connectionString) => Builder(connectionString, "snapshots").ToString();

    /// <param name="part">The suffix of the application name. It gives the sessions a separate pool, and the server's
    /// list of sessions shows it.</param>
    private static SqlConnectionStringBuilder Builder(string connectionString, string? part = null)
    {
        var builder = new SqlConnectionStringBuilder(connectionString);
        if (!builder.ShouldSerialize("Connect Timeout"))
            builder.ConnectTimeout = ConnectSeconds;
        if (!builder.ShouldSerialize("Application Name"))
            builder.ApplicationName = Name;
        if (part is not null && !builder.ApplicationName.EndsWith($" {part}", StringComparison.Ordinal))
            builder.ApplicationName += $" {part}";
        // With another setting the driver refuses connections for up to a minute after the server is back.
        builder.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
        return builder;
    }
}
