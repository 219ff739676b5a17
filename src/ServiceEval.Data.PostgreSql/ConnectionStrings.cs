using System.Globalization;
using Npgsql;

namespace ServiceEval.Data.PostgreSql;

/// <summary>What is added to the connection string that the installation has; what it says itself stays.</summary>
internal static class ConnectionStrings
{
    /// <summary>Then a citizen is told that nothing was stored; a server that is there answers in milliseconds.</summary>
    private const int ConnectSeconds = 2;

    /// <summary>A server admits a hundred by default, and there may be other nodes.</summary>
    private const int MostConnections = 30;

    private const int LockMilliseconds = 2_000;

    // A machine that is gone in mid-sentence is neither idle nor known to be gone, and the system's own patience is hours.
    private const string NoticingWhoIsGone = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2";

    private const string ByKey = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    /// <exception cref="ArgumentException">No connection string for PostgreSQL.</exception>
    public static string Complete(string connectionString) => Builder(connectionString).ToString();

    /// <summary>
    /// For the hot transaction: nobody waits long for a lock, nor for one who fell silent holding it, and a commit is on the
    /// disk before it is acknowledged whatever the server's default is. Plans are made once and kept, some of them while the
    /// tables are still empty, so none may read a whole table: a row is found by its key, or not at all.
    /// </summary>
    public static string OfStore(string connectionString)
    {
        var builder = Builder(connectionString);
        AddOptions(builder, FormattableString.Invariant(
            $"-c lock_timeout={LockMilliseconds} -c idle_in_transaction_session_timeout={LockMilliseconds} -c synchronous_commit=on {NoticingWhoIsGone} {ByKey} -c jit=off"));
        // Nothing is set in these sessions that a reset would undo, and it costs eight statements a commit.
        builder.NoResetOnClose = true;
        builder.MaxAutoPrepare = 32;
        builder.AutoPrepareMinUsages = 2;
        builder.CommandTimeout = 5;
        return builder.ToString();
    }

    /// <summary>For the question what became of a commit: nothing that was open before tells.</summary>
    public static string Unpooled(string connectionString) => new NpgsqlConnectionStringBuilder(OfStore(connectionString)) { Pooling = false }.ToString();

    /// <summary>For verification, which writes nothing.</summary>
    public static string ReadOnly(string connectionString)
    {
        var builder = Builder(connectionString);
        AddOptions(builder, "-c default_transaction_read_only=on");
        return builder.ToString();
    }

    private static NpgsqlConnectionStringBuilder Builder(string connectionString)
    {
        var (builder, defaults) = (new NpgsqlConnectionStringBuilder(connectionString), new NpgsqlConnectionStringBuilder());
        if (builder.Timeout == defaults.Timeout) builder.Timeout = ConnectSeconds;
        if (builder.MaxPoolSize == defaults.MaxPoolSize) builder.MaxPoolSize = MostConnections;
        builder.ApplicationName ??= "ServiceEval";
        // Nothing of ours leaves anything behind in a session.
        builder.NoResetOnClose = true;
        return builder;
    }

    private static void AddOptions(NpgsqlConnectionStringBuilder builder, string options) =>
        builder.Options = string.IsNullOrEmpty(builder.Options) ? options : string.Create(CultureInfo.InvariantCulture, $"{builder.Options} {options}");
}
