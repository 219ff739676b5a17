using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ServiceEval.Sqlite;

/// <summary>
/// Sets the pragmas that SQLite forgets with each connection. With synchronous FULL, a commit is on disk before it is
/// acknowledged.
/// </summary>
internal sealed class PragmaInterceptor : DbConnectionInterceptor
{
    public const string Pragmas = "PRAGMA busy_timeout=500; PRAGMA synchronous=FULL;";

    public static readonly PragmaInterceptor Instance = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        Apply(connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Apply(connection);
        return Task.CompletedTask;
    }

    public static void Apply(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }
}
