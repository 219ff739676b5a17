using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;

namespace ServiceEval.SqlServer;

/// <summary>The settings of the whole database. <c>migrate</c> makes them once.</summary>
public static class DatabaseSettings
{
    // Readers then see the last commit and do not wait for the next one. The command needs the database alone for a
    // moment. Other sessions have five seconds to end.
    internal const string ReadCommittedSnapshot =
        "ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK AFTER 5 SECONDS;";

    // Boards, reports and verification read one snapshot.
    internal const string SnapshotIsolation = "ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON;";

    // 2 is FORCED: no commit would be on disk when it is acknowledged, whatever the commit itself asks for.
    internal const string Durability = "ALTER DATABASE CURRENT SET DELAYED_DURABILITY = DISABLED;";

    /// <summary>The query for the state of these settings.</summary>
    public const string State = """
        SELECT is_read_committed_snapshot_on AS [IsReadCommittedSnapshotOn], CAST(CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS bit) AS [AllowsSnapshots],
            CAST(CASE WHEN delayed_durability = 2 THEN 1 ELSE 0 END AS bit) AS [IsDurabilityDelayed], compatibility_level AS [CompatibilityLevel]
        FROM sys.databases WHERE database_id = DB_ID()
        """;

    /// <summary>
    /// The query for the time of the last backup in the server's own records: a full, a differential or a log backup.
    /// The records are in the server's local time.
    /// </summary>
    public const string LastBackup = """
        SELECT TODATETIMEOFFSET(MAX(backup_finish_date), DATEPART(TZOFFSET, SYSDATETIMEOFFSET())) AS [FinishedAt] FROM msdb.dbo.backupset WHERE database_name = DB_NAME() AND is_snapshot = 0
        """;

    /// <summary>
    /// Returns the commands that this database still needs. If it needs none, a login without the right to ALTER
    /// DATABASE can migrate it.
    /// </summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(ServiceEvalDb db, CancellationToken ct) =>
        Missing(await db.Database.SqlQueryRaw<DatabaseState>(State).SingleAsync(ct));

    /// <summary>Sends the missing commands. It must be called outside of a transaction.</summary>
    public static async Task ApplyAsync(ServiceEvalDb db, CancellationToken ct)
    {
        foreach (var sql in await MissingAsync(db, ct))
            await db.Database.ExecuteSqlRawAsync(sql, ct);
    }

    internal static IReadOnlyList<string> Missing(DatabaseState state)
    {
        var missing = new List<string>();
        if (!state.IsReadCommittedSnapshotOn)
            missing.Add(ReadCommittedSnapshot);
        if (!state.AllowsSnapshots)
            missing.Add(SnapshotIsolation);
        if (state.IsDurabilityDelayed)
            missing.Add(Durability);
        return missing;
    }
}

/// <summary>A row of <see cref="DatabaseSettings.State"/>.</summary>
public sealed record DatabaseState(
    bool IsReadCommittedSnapshotOn,
    bool AllowsSnapshots,
    bool IsDurabilityDelayed,
    byte CompatibilityLevel
);

/// <summary>A row of <see cref="DatabaseSettings.LastBackup"/>.</summary>
public sealed record LastBackup(DateTimeOffset? FinishedAt);
