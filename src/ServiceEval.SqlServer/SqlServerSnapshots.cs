using System.Data;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;

namespace ServiceEval.SqlServer;

/// <summary>
/// Reads in a transaction that sees the state of its first read until its end. The transaction ends without a commit.
/// Readers and writers never wait for each other.
/// </summary>
public sealed class SqlServerSnapshots(string connectionString) : IReadSnapshot
{
    private readonly DbContextOptions<ServiceEvalDb> _options = SqlServerOptions.Of(
        ConnectionStrings.OfSnapshots(connectionString)
    );

    public async Task<T> ReadAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        await using var db = new ServiceEvalDb(_options);
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.Snapshot, ct);
        return await read(db, ct);
    }
}
