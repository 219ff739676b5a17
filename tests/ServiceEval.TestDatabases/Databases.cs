namespace ServiceEval.TestDatabases;

/// <summary>
/// Databases of every kind for a whole test run. The first test that needs a server starts it. It is stopped at the end
/// of the run.
/// </summary>
public sealed class Databases : IAsyncDisposable
{
    private readonly Lazy<Task<PostgreSqlServer>> _postgreSql = new(PostgreSqlServer.StartAsync);
    private readonly Lazy<Task<SqlServerServer>> _sqlServer = new(SqlServerServer.StartAsync);

    /// <summary>Returns the reason why this machine cannot run a kind; null if it can.</summary>
    public static string? WhyNot(DatabaseKind kind) => kind == DatabaseKind.SqlServer ? SqlServerServer.WhyNot : null;

    /// <summary>The shared server. A test must not stop it, because other tests use it.</summary>
    public Task<PostgreSqlServer> PostgreSqlAsync() => _postgreSql.Value;

    public async Task<TestDatabase> CreateAsync(DatabaseKind kind) =>
        kind switch
        {
            DatabaseKind.Sqlite => await SqliteTestDatabase.CreateAsync(),
            DatabaseKind.PostgreSql => await PostgreSqlTestDatabase.CreateAsync(await _postgreSql.Value),
            DatabaseKind.SqlServer => await SqlServerTestDatabase.CreateAsync(await _sqlServer.Value),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
        };

    public async ValueTask DisposeAsync()
    {
        // If a server did not start, every test that needed it has already failed with the reason.
        if (_postgreSql.IsValueCreated && await HasStartedAsync(_postgreSql.Value))
            await (await _postgreSql.Value).DisposeAsync();
        if (_sqlServer.IsValueCreated && await HasStartedAsync(_sqlServer.Value))
            await (await _sqlServer.Value).DisposeAsync();
    }

    private static async Task<bool> HasStartedAsync(Task start)
    {
        await start.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return start.IsCompletedSuccessfully;
    }
}
