using Microsoft.EntityFrameworkCore;

namespace ServiceEval.Data.SqlServer;

/// <summary>What the whole database is told once, by <c>migrate</c>.</summary>
public static class DatabaseSettings
{
    // Readers then see the last commit instead of waiting for the next. It needs the database for itself for a moment:
    // whoever is still at it has five seconds.
    internal const string ReadCommittedSnapshot =
        "ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK AFTER 5 SECONDS;";

    // Boards, reports and verification read one moment.
    internal const string SnapshotIsolation = "ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON;";

    // 2: forced, so that no commit would be on the disk when it is acknowledged, whatever it asks for itself.
    internal const string Durability = "ALTER DATABASE CURRENT SET DELAYED_DURABILITY = DISABLED;";

    /// <summary>How it stands with these.</summary>
    public const string State = """
        SELECT is_read_committed_snapshot_on AS [IsReadCommittedSnapshotOn], CAST(CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS bit) AS [AllowsSnapshots],
            CAST(CASE WHEN delayed_durability = 2 THEN 1 ELSE 0 END AS bit) AS [IsDurabilityDelayed], compatibility_level AS [CompatibilityLevel]
        FROM sys.databases WHERE database_id = DB_ID()
        """;

    /// <summary>
    /// When the server last backed it up, by its own notes: a full backup, a differential one or the log. They are in
    /// the server's local time.
    /// </summary>
    public const string LastBackup = """
        SELECT TODATETIMEOFFSET(MAX(backup_finish_date), DATEPART(TZOFFSET, SYSDATETIMEOFFSET())) AS [FinishedAt] FROM msdb.dbo.backupset WHERE database_name = DB_NAME() AND is_snapshot = 0
        """;

    /// <summary>
    /// The commands that this database still needs. A database that needs none can be migrated by a login without the
    /// right to ALTER DATABASE.
    /// </summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(ServiceEvalDb db, CancellationToken ct) =>
        Missing(await db.Database.SqlQueryRaw<DatabaseState>(State).SingleAsync(ct));

    /// <summary>Sends the missing commands; call it outside of a transaction.</summary>
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
