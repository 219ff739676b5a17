using Microsoft.Data.SqlClient;

namespace ServiceEval.Data.SqlServer;

/// <summary>What is added to the connection string that the installation has; what it says itself stays.</summary>
internal static class ConnectionStrings
{
    /// <summary>
    /// Then a citizen is told that nothing was stored; a server that is there answers in milliseconds.
    /// </summary>
    private const int ConnectSeconds = 2;

    private const string Name = "ServiceEval";

    /// <exception cref="ArgumentException">No connection string for SQL Server.</exception>
    public static string Complete(string connectionString) => Builder(connectionString).ToString();

    /// <summary>The server without a database of ours, which may not exist yet.</summary>
    public static string OfServer(string connectionString) =>
        new SqlConnectionStringBuilder(Complete(connectionString)) { InitialCatalog = "" }.ToString();

    /// <summary>
    /// For the hot transaction, which begins in one batch and ends in another: with MARS it would end with the first.
    /// </summary>
    public static string OfStore(string connectionString)
    {
        var builder = Builder(connectionString, "store");
        builder.MultipleActiveResultSets = false;
        builder.CommandTimeout = 5;
        // A session that broke is to be known as broken: the driver's own way is to begin another and go on in it.
        builder.ConnectRetryCount = 0;
        return builder.ToString();
    }

    /// <summary>For the question what became of a commit: nothing that was open before tells.</summary>
    public static string Unpooled(string connectionString) =>
        new SqlConnectionStringBuilder(OfStore(connectionString)) { Pooling = false }.ToString();

    /// <summary>
    /// For what reads one moment. Not every version forgets the isolation level with a session's reset, so these
    /// sessions are nobody else's.
    /// </summary>
    public static string OfSnapshots(string connectionString) => Builder(connectionString, "snapshots").ToString();

    /// <param name="part">Sessions of its own, and told from the others in the server's list of them.</param>
    private static SqlConnectionStringBuilder Builder(string connectionString, string? part = null)
    {
        var builder = new SqlConnectionStringBuilder(connectionString);
        if (!builder.ShouldSerialize("Connect Timeout"))
            builder.ConnectTimeout = ConnectSeconds;
        if (!builder.ShouldSerialize("Application Name"))
            builder.ApplicationName = Name;
        if (part is not null && !builder.ApplicationName.EndsWith($" {part}", StringComparison.Ordinal))
            builder.ApplicationName += $" {part}";
        // Else the driver goes on refusing for up to a minute after the server is back.
        builder.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
        return builder;
    }
}
