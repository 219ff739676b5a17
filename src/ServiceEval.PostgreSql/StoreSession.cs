using Npgsql;

namespace ServiceEval.PostgreSql;

/// <summary>
/// The settings that the session of a commit must have. They are set by a statement in the open session and not by
/// options of the connection, because a connection pooler refuses options that it does not know, or drops them.
/// </summary>
internal static class StoreSession
{
    private const string LockMilliseconds = "2000";
    private const int SettingSeconds = 2;

    /// <summary>
    /// No session waits long for a lock, or for a node that stopped responding while it holds the lock. A commit is on
    /// disk before it is acknowledged, whatever the server's default is. TCP keep-alive shows within seconds that a
    /// machine is gone. Plans are made once and kept, and some are made while the tables are still empty. So no plan
    /// may scan a whole table: a row is found by its key, or not at all.
    /// </summary>
    private static readonly (string Name, string Value)[] Settings =
    [
        ("lock_timeout", LockMilliseconds),
        ("idle_in_transaction_session_timeout", LockMilliseconds),
        ("synchronous_commit", "on"),
        ("tcp_keepalives_idle", "2"),
        ("tcp_keepalives_interval", "1"),
        ("tcp_keepalives_count", "2"),
        ("enable_seqscan", "off"),
        ("enable_hashjoin", "off"),
        ("enable_mergejoin", "off"),
        ("jit", "off"),
    ];

    /// <summary>
    /// Without these settings an acknowledged rating can be lost, or all sessions wait for one session.
    /// </summary>
    private static readonly string[] Needed =
    [
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "synchronous_commit",
    ];

    /// <summary>The statement that makes all settings. It is one statement, and so one round trip.</summary>
    public static string Set { get; } =
        $"SELECT {string.Join(", ", Settings.Select(s => $"set_config('{s.Name}', '{s.Value}', false)"))}";

    public static NpgsqlDataSource Source(string connectionString)
    {
        var source = new NpgsqlDataSourceBuilder(ConnectionStrings.OfStore(connectionString));
        source.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var set = Command(connection);
                set.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var set = Command(connection);
                await set.ExecuteNonQueryAsync();
            }
        );
        return source.Build();
    }

    /// <summary>
    /// Opens two sessions at the same time and reads their settings, because a setting that was sent may not be in
    /// effect.
    /// </summary>
    /// <returns>Null if the sessions can take ratings.</returns>
    public static async Task<SessionFault?> FindFaultAsync(NpgsqlDataSource connections, CancellationToken ct)
    {
        try
        {
            return await LookAsync(connections, ct);
        }
        // A transaction is not allowed, or another session has the prepared statement.
        catch (PostgresException e)
            when (e.SqlState
                    is PostgresErrorCodes.ProtocolViolation
                        or PostgresErrorCodes.InvalidSqlStatementName
                        or PostgresErrorCodes.DuplicatePreparedStatement
            )
        {
            return SessionFault.Shared;
        }
    }

    private static async Task<SessionFault?> LookAsync(NpgsqlDataSource connections, CancellationToken ct)
    {
        await using var one = await connections.OpenConnectionAsync(ct);
        var process = await ProcessAsync(one, ct);
        await using var other = await connections.OpenConnectionAsync(ct);
        await using var transaction = await other.BeginTransactionAsync(ct);
        // If a pooler lends a session only for a transaction or a statement, the other connection has this session now,
        // or this connection has got another session.
        if (await ProcessAsync(other, ct) == process || await ProcessAsync(one, ct) != process)
            return SessionFault.Shared;
        foreach (var (name, value) in await ReadAsync(one, ct))
        {
            if (Settings.First(s => s.Name == name).Value is var asked && asked != value)
                return new SessionFault(name, asked, value);
        }
        return null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection) =>
        new(Set, connection) { CommandTimeout = SettingSeconds };

    private static async Task<int> ProcessAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<List<(string Name, string Value)>> ReadAsync(
        NpgsqlConnection connection,
        CancellationToken ct
    )
    {
        await using var command = new NpgsqlCommand(
            "SELECT name, setting FROM pg_settings WHERE name = ANY($1)",
            connection
        )
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = Needed } },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        var settings = new List<(string, string)>();
        while (await rows.ReadAsync(ct))
            settings.Add((rows.GetString(0), rows.GetString(1)));
        return settings;
    }
}

/// <summary>The reason why a session cannot take ratings.</summary>
/// <param name="Setting">The name of the setting; null if a session does not belong to one client only.</param>
public sealed record SessionFault(string? Setting, string? Asked, string? Found)
{
    public static readonly SessionFault Shared = new(null, null, null);
}
