using Npgsql;

namespace ServiceEval.Data.PostgreSql;

/// <summary>
/// What the session of a commit must be like. It is said in the session and not when it is opened: a pooler between
/// refuses options that it does not know, or leaves them out.
/// </summary>
internal static class StoreSession
{
    private const string LockMilliseconds = "2000";
    private const int SettingSeconds = 2;

    /// <summary>
    /// Nobody waits long for a lock, nor for a node that fell silent holding it, and a commit is on the disk before it
    /// is acknowledged whatever the server's default is. A machine that is gone in mid-sentence is noticed within
    /// seconds. Plans are made once and kept, some of them while the tables are still empty, so none may read a whole
    /// table: a row is found by its key, or not at all.
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

    /// <summary>Without these an acknowledged rating can be lost, or everybody waits for one.</summary>
    private static readonly string[] Needed =
    [
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "synchronous_commit",
    ];

    /// <summary>One statement, and so one round trip.</summary>
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

    /// <summary>Asks two sessions at once for what they are, as one that was only told may not be so.</summary>
    /// <returns>Null if they can take ratings.</returns>
    public static async Task<SessionFault?> FindFaultAsync(NpgsqlDataSource connections, CancellationToken ct)
    {
        try
        {
            return await LookAsync(connections, ct);
        }
        // A transaction that is not allowed, or a prepared statement that another session has.
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
        // A session that is lent for a transaction or a statement is by now the other's, or this one has got another.
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

/// <summary>Why a session can't take ratings.</summary>
/// <param name="Setting">Null where a session is not one client's own.</param>
public sealed record SessionFault(string? Setting, string? Asked, string? Found)
{
    public static readonly SessionFault Shared = new(null, null, null);
}
