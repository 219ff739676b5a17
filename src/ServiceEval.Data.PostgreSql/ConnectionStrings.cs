using Npgsql;

namespace ServiceEval.Data.PostgreSql;

/// <summary>What is added to the connection string that the installation has; what it says itself stays.</summary>
internal static class ConnectionStrings
{
    /// <summary>
    /// Then a citizen is told that nothing was stored; a server that is there answers in milliseconds.
    /// </summary>
    private const int ConnectSeconds = 2;

    /// <summary>A server admits a hundred by default, and there may be other nodes.</summary>
    private const int MostConnections = 30;

    /// <exception cref="ArgumentException">No connection string for PostgreSQL.</exception>
    public static string Complete(string connectionString) => Builder(connectionString).ToString();

    /// <summary>For the hot transaction, in a <see cref="StoreSession"/>.</summary>
    public static string OfStore(string connectionString)
    {
        var builder = Builder(connectionString);
        // A reset would undo what the session was set to, and costs eight statements a commit.
        builder.NoResetOnClose = true;
        builder.MaxAutoPrepare = 32;
        builder.AutoPrepareMinUsages = 2;
        builder.CommandTimeout = 5;
        return builder.ToString();
    }

    /// <summary>For the question what became of a commit: nothing that was open before tells.</summary>
    public static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(OfStore(connectionString)) { Pooling = false }.ToString();

    /// <summary>
    /// For verification, which writes nothing. Its name keeps it a pool of its own: its sessions are set to read only.
    /// </summary>
    public static string ReadOnly(string connectionString)
    {
        var builder = Builder(connectionString);
        builder.ApplicationName = "ServiceEval verify";
        return builder.ToString();
    }

    private static NpgsqlConnectionStringBuilder Builder(string connectionString)
    {
        var (builder, defaults) = (
            new NpgsqlConnectionStringBuilder(connectionString),
            new NpgsqlConnectionStringBuilder()
        );
        if (builder.Timeout == defaults.Timeout)
            builder.Timeout = ConnectSeconds;
        if (builder.MaxPoolSize == defaults.MaxPoolSize)
            builder.MaxPoolSize = MostConnections;
        builder.ApplicationName ??= "ServiceEval";
        // Nothing of ours leaves anything behind in a session.
        builder.NoResetOnClose = true;
        return builder;
    }
}
