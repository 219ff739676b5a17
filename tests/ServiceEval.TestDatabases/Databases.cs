namespace ServiceEval.TestDatabases;

/// <summary>
/// Databases of every kind for a whole test run: the server is started by the first test that needs it, and stopped at
/// the end.
/// </summary>
public sealed class Databases : IAsyncDisposable
{
    private readonly Lazy<Task<PostgreSqlServer>> _postgreSql = new(PostgreSqlServer.StartAsync);
    private readonly Lazy<Task<SqlServerServer>> _sqlServer = new(SqlServerServer.StartAsync);

    /// <summary>Why there can be none of a kind on this machine; null if there can.</summary>
    public static string? WhyNot(DatabaseKind kind) => kind == DatabaseKind.SqlServer ? SqlServerServer.WhyNot : null;

    /// <summary>For tests that don't stop it: others are using it.</summary>
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
        // One that did not start has been told by every test that needed it.
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
