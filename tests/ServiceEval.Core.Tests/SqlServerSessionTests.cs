using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tests.Ratings;
using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests;

/// <summary>
/// Tests what only a real server can show: the state that its sessions leave, and the outcome of a commit that is
/// interrupted.
/// </summary>
public sealed class SqlServerSessionTests(Databases databases) : IAsyncLifetime
{
    // This limit only checks that the call ends.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private TestDatabase _database = null!;
    private IRatingStore _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (Databases.WhyNot(DatabaseKind.SqlServer) is { } reason)
            Assert.Skip(reason);
        _database = await databases.CreateAsync(DatabaseKind.SqlServer);
        _store = _database.NewStore();
        await CommitAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is null)
            return;
        await ((IAsyncDisposable)_store).DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Readers_see_versions_and_wait_for_nobody() =>
        Assert.Equal(
            [
                ["True", "1"],
            ],
            await _database.ReadAsync(
                "SELECT is_read_committed_snapshot_on, snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()"
            )
        );

    /// <summary>
    /// A commit begins another transaction, and a replay only reads. Neither may leave a transaction open.
    /// </summary>
    [Fact]
    public async Task No_transaction_stays_open()
    {
        await CommitAsync(2);
        Assert.Equal(LogOutcome.Replay, await CommitAsync(2));
        await UntilAsync(
            "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM sys.dm_exec_sessions WHERE database_id = DB_ID() AND session_id <> @@SPID AND open_transaction_count > 0)"
        );
    }

    [Fact]
    public async Task A_session_that_is_ended_before_it_commits_has_stored_nothing()
    {
        await AtBlockAsync("WAITFOR DELAY '00:00:01'");
        var commit = CommitAsync(2);
        await UntilAsync("SELECT 1 FROM sys.dm_exec_requests WHERE database_id = DB_ID() AND wait_type = 'WAITFOR'");
        var session = (
            await _database.ReadAsync(
                "SELECT session_id FROM sys.dm_exec_requests WHERE database_id = DB_ID() AND wait_type = 'WAITFOR'"
            )
        )[0][0];
        await _database.ExecuteAsync($"KILL {session}");
        await Assert.ThrowsAsync<NotStoredException>(() => commit);
        Assert.Equal(1, await _database.CountAsync("Ratings"));
        await AtBlockAsync("SET NOCOUNT ON");
        Assert.Equal(LogOutcome.Stored, await CommitAsync(2));
    }

    /// <summary>The commit is not there when the store looks for it, and it arrives later.</summary>
    [Fact]
    public async Task A_commit_that_outlasts_every_wait_is_never_reported_as_not_stored()
    {
        await AtBlockAsync("WAITFOR DELAY '00:00:04'");
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => CommitAsync(2));
        await UntilAsync("SELECT 1 FROM \"Ratings\" HAVING COUNT(*) = 2");
        await AtBlockAsync("SET NOCOUNT ON");
        Assert.Equal(LogOutcome.Replay, await CommitAsync(2));
    }

    private async Task<LogOutcome> CommitAsync(int number) =>
        Assert.Single((await _store.CommitAsync([Given.Rating(number)], Ct).WaitAsync(Limit, Ct)).Results).Outcome;

    /// <summary>
    /// Runs the body in every commit, after all steps except the update of the head and the commit itself.
    /// </summary>
    private Task AtBlockAsync(string body) =>
        _database.ExecuteAsync($"CREATE OR ALTER TRIGGER at_block ON \"LedgerBlocks\" AFTER INSERT AS {body}");

    private async Task UntilAsync(string sql)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(Limit);
        while ((await _database.ReadAsync(sql)).Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
    }
}
