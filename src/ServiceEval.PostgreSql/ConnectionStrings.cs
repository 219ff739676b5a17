using Npgsql;

namespace ServiceEval.PostgreSql;

/// <summary>
/// Adds our settings to the connection string of the installation. A time-out, pool size or application name in this
/// string stays as it is.
/// </summary>
internal static class ConnectionStrings
{
    /// <summary>
    /// After this time the citizen gets the answer that nothing was stored. A server that can be reached answers in
    /// milliseconds.
    /// </summary>
    private const int ConnectSeconds = 2;

    /// <summary>A server admits 100 connections by default, and there may be other nodes.</summary>
    private const int MostConnections = 30;

    /// <exception cref="ArgumentException">The text is not a connection string for PostgreSQL.</exception>
    public static string Complete(string connectionString) => Builder(connectionString).ToString();

    /// <summary>
    /// Returns the connection string for the hot transaction, which runs in a <see cref="StoreSession"/>.
    /// </summary>
    public static string OfStore(string connectionString)
    {
        var builder = Builder(connectionString);
        // A reset would undo the settings of the session, and it costs eight statements for each commit.
        builder.NoResetOnClose = true;
        builder.MaxAutoPrepare = 32;
        builder.AutoPrepareMinUsages = 2;
        builder.CommandTimeout = 5;
        return builder.ToString();
    }

    /// <summary>
    /// Returns the connection string for the question whether a commit succeeded. A connection that was open before
    /// cannot answer it.
    /// </summary>
    public static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(OfStore(connectionString)) { Pooling = false }.ToString();

    /// <summary>
    /// Returns the connection string for verification, which writes nothing. The application name gives it a separate
    /// pool, because its sessions are set to read-only.
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
        // A reset is not needed, because our code leaves nothing behind in a session.
        builder.NoResetOnClose = true;
        return builder;
    }
}
