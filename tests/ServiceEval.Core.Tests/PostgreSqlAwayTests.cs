using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tests.Ratings;
using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests;

/// <summary>
/// These tests have their own server, because they stop it, freeze it and end its sessions. A store that has just
/// committed needs one round trip. After a pause it needs two.
/// </summary>
public sealed class PostgreSqlAwayTests : IAsyncLifetime
{
    // This limit only checks that the call ends. The benchmarks measure how long a citizen waits.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new(Given.Start);
    private PostgreSqlServer _server = null!;
    private PostgreSqlTestDatabase _database = null!;
    private IRatingStore _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgreSqlServer.StartAsync();
        _database = await PostgreSqlTestDatabase.CreateAsync(_server);
        _store = _database.NewStore(_time);
        await CommitAsync(1);
        await CommitAsync(2);
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_store).DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_is_stopped_refuses_and_takes_again_once_it_is_back()
    {
        _time.Advance(Pause);
        await _server.Cluster.StopAsync();
        Assert.False((await Assert.ThrowsAsync<NotStoredException>(() => CommitAsync(3))).IsLocked);
        await _server.Cluster.RestartAsync();
        Assert.Equal(LogOutcome.Stored, await CommitAsync(3));
    }

    [Fact]
    public async Task A_server_that_is_stopped_leaves_one_outcome_unknown_and_refuses_from_then_on()
    {
        await _server.Cluster.StopAsync();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => CommitAsync(3));
        await Assert.ThrowsAsync<NotStoredException>(() => CommitAsync(4));
        await _server.Cluster.RestartAsync();
        Assert.Equal(LogOutcome.Stored, await CommitAsync(3));
    }

    [Fact]
    public async Task A_server_restart_during_a_pause_refuses_no_rating()
    {
        _time.Advance(Pause);
        await _server.Cluster.StopAsync();
        await _server.Cluster.RestartAsync();
        Assert.Equal(LogOutcome.Stored, await CommitAsync(3));
    }

    [Fact]
    public async Task A_server_that_hangs_refuses_in_time_and_takes_again_once_it_goes_on()
    {
        _time.Advance(Pause);
        await _server.Cluster.FreezeAsync();
        await Assert.ThrowsAsync<NotStoredException>(() => CommitAsync(3));
        await _server.Cluster.ThawAsync();
        Assert.Equal(LogOutcome.Stored, await CommitAsync(3));
    }

    /// <summary>
    /// The database answers, the lock is free, and the database does not know the commit. The session with the commit
    /// is suspended.
    /// </summary>
    [Fact]
    public async Task A_commit_in_a_suspended_session_is_never_reported_as_not_stored()
    {
        var session = Assert.Single(
            await _database.ReadAsync("SELECT pid FROM pg_stat_activity WHERE application_name = 'ServiceEval'")
        )[0];
        await SignalAsync("STOP", session);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => CommitAsync(3));
        Assert.Equal(2, await _database.CountAsync("Ratings"));
        await SignalAsync("CONT", session);
        await UntilAsync("SELECT 1 FROM \"Ratings\" HAVING COUNT(*) = 3");
        Assert.Equal(LogOutcome.Replay, await CommitAsync(3));
    }

    [Fact]
    public async Task A_commit_whose_session_slept_while_others_went_on_comes_to_nothing()
    {
        var session = Assert.Single(
            await _database.ReadAsync("SELECT pid FROM pg_stat_activity WHERE application_name = 'ServiceEval'")
        )[0];
        await SignalAsync("STOP", session);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => CommitAsync(3));
        Assert.Equal(LogOutcome.Stored, await CommitAsync(4));
        await SignalAsync("CONT", session);
        await UntilAsync(
            $"SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {session} AND query <> 'ROLLBACK')"
        );
        Assert.Equal(3, await _database.CountAsync("Ratings"));
        Assert.Equal(LogOutcome.Stored, await CommitAsync(3));
    }

    [Fact]
    public async Task A_session_that_ends_while_it_commits_has_stored_nothing()
    {
        _time.Advance(Pause);
        await AtCommitAsync("PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10);");
        await Assert.ThrowsAsync<NotStoredException>(() => CommitAsync(3));
        Assert.Equal(2, await _database.CountAsync("Ratings"));
        await AtCommitAsync("");
        Assert.Equal(LogOutcome.Stored, await CommitAsync(3));
    }

    /// <summary>
    /// The message that the session ended may come from a pooler. The commit that the pooler passed on may still reach
    /// the server.
    /// </summary>
    [Fact]
    public async Task A_session_that_ends_in_its_one_trip_leaves_the_outcome_unknown()
    {
        await AtCommitAsync("PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10);");
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => CommitAsync(3));
        await AtCommitAsync("");
        Assert.Equal(LogOutcome.Stored, await CommitAsync(3));
    }

    /// <summary>
    /// The commit waits for a standby that does not exist. By then the commit is on the server's own disk, so only the
    /// answer is lost.
    /// </summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_session_that_ends_after_it_has_committed_has_stored_all(bool afterAPause)
    {
        await _database.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        await _database.ExecuteAsync("SELECT pg_reload_conf()");
        var number = 2;
        Task<LogOutcome> commit;
        // The server's processes read the new setting one after another. Until the last process has read it, no commit
        // waits.
        do
        {
            if (afterAPause)
                _time.Advance(Pause);
            Assert.True(++number < 1_000, "Nobody ever waited.");
            commit = CommitAsync(number);
        } while (!await IsEndedInItsWaitAsync(commit));

        Assert.Equal(LogOutcome.Stored, await commit);
        Assert.Equal(number, await _database.CountAsync("Ratings"));
    }

    /// <summary>The commit is not there when the store looks for it, and it arrives later.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_commit_that_outlasts_every_wait_is_never_reported_as_not_stored(bool afterAPause)
    {
        if (afterAPause)
            _time.Advance(Pause);
        await AtCommitAsync("PERFORM pg_sleep(4);");
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => CommitAsync(3));
        await UntilAsync("SELECT 1 FROM \"Ratings\" HAVING COUNT(*) = 3");
        await AtCommitAsync("");
        Assert.Equal(LogOutcome.Replay, await CommitAsync(3));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_server_that_hangs_in_a_commit_leaves_the_outcome_unknown_and_a_retry_reveals_the_outcome(
        bool afterAPause
    )
    {
        if (afterAPause)
            _time.Advance(Pause);
        await AtCommitAsync("PERFORM pg_sleep(1);");
        var commit = CommitAsync(3);
        await UntilAsync("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        await _server.Cluster.FreezeAsync();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => commit);
        await _server.Cluster.ThawAsync();

        Assert.Contains(await CommitAsync(3), (LogOutcome[])[LogOutcome.Stored, LogOutcome.Replay]);
        Assert.Equal(3, await _database.CountAsync("Ratings"));
    }

    [Fact]
    public async Task The_stores_sessions_have_their_limits_whatever_the_servers_defaults_are()
    {
        await _database.ExecuteAsync("ALTER ROLE postgres SET synchronous_commit = off");
        await _database.ExecuteAsync("ALTER ROLE postgres SET default_transaction_isolation = serializable");
        await _database.ExecuteAsync("CREATE TABLE seen (setting text)");
        string[] settings =
        [
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "synchronous_commit",
            "transaction_isolation",
            "tcp_keepalives_idle",
        ];
        await AtCommitAsync(
            string.Concat(settings.Select(setting => $"INSERT INTO seen VALUES (current_setting('{setting}'));"))
        );
        await Given.CommitAsync(_database, Given.Rating(3));
        Assert.Equal(
            [
                ["2s"],
                ["2s"],
                ["on"],
                ["read committed"],
                ["2"],
            ],
            await _database.ReadAsync("SELECT setting FROM seen")
        );
    }

    private static async Task SignalAsync(string signal, string process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process]);
        await kill.WaitForExitAsync(Ct);
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task<LogOutcome> CommitAsync(int number) =>
        Assert.Single((await _store.CommitAsync([Given.Rating(number)], Ct).WaitAsync(Limit, Ct)).Results).Outcome;

    /// <summary>Runs the body in every commit that appends a block, after all other steps of the commit.</summary>
    private Task AtCommitAsync(string body) =>
        _database.ExecuteAsync(
            $"""
            CREATE OR REPLACE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$;
            DROP TRIGGER IF EXISTS at_commit ON "LedgerBlocks";
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON "LedgerBlocks" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit()
            """
        );

    private async Task<bool> IsEndedInItsWaitAsync(Task commit)
    {
        while (!commit.IsCompleted)
        {
            if (
                (
                    await _database.ReadAsync(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                    )
                ).Count > 0
            )
                return true;
        }
        return false;
    }

    private async Task UntilAsync(string sql)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(Limit);
        while ((await _database.ReadAsync(sql)).Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
    }
}
