using System.Net;
using System.Net.Sockets;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.SqlServer.Tests;

/// <summary>Tests the driver without a server: no process listens, or a listener never answers.</summary>
public sealed class AwayTests : IDisposable
{
    // This limit only checks that the call ends.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);

    public AwayTests() => _silent.Start();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Silent => ConnectionTo(((IPEndPoint)_silent.LocalEndpoint).Port);

    private static string Nobody => ConnectionTo(1);

    public void Dispose() => _silent.Dispose();

    [Fact]
    public Task A_server_that_is_not_there_has_stored_nothing() => RefusesAsync(Nobody);

    [Fact]
    public Task A_server_that_hangs_has_stored_nothing() => RefusesAsync(Silent);

    [Fact]
    public async Task A_commit_that_nobody_can_be_asked_about_is_of_unknown_outcome()
    {
        var block = LedgerBlock.Seal(new LedgerHead(), [new byte[32]], DateTimeOffset.UnixEpoch);
        foreach (var connectionString in (string[])[Nobody, Silent])
        {
            var cause = new IOException("cut");
            var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(() =>
                new CommitOutcomeProbe(connectionString)
                    .IsCommittedAsync(block, cause, deadline: new(canceled: true))
                    .WaitAsync(Limit, Ct)
            );
            Assert.Same(cause, unknown.InnerException);
        }
    }

    [Fact]
    public async Task Other_readers_and_writers_get_the_error_of_the_database_itself()
    {
        await Assert.ThrowsAsync<SqlException>(() =>
            new SqlServerGate(Nobody).WriteAsync((db, ct) => db.Ratings.CountAsync(ct), Ct)
        );
        await Assert.ThrowsAsync<SqlException>(() =>
            new SqlServerSnapshots(Nobody).ReadAsync((db, ct) => db.Ratings.CountAsync(ct), Ct)
        );
        var unreadable = await Assert.ThrowsAsync<LedgerUnreadableException>(() =>
            new SqlServerLedgerReader(Nobody).PinAsync(new TallySums(new TallySecret()), Ct)
        );
        Assert.Equal(LedgerUnreadable.NotThere, unreadable.Reason);
        Assert.IsType<SqlException>(unreadable.InnerException);
    }

    /// <summary>Otherwise the driver would continue to refuse after the server is back.</summary>
    [Fact]
    public async Task Every_try_after_a_refusal_asks_the_server_again()
    {
        var gate = new SqlServerGate(Silent);
        for (var tries = 1; tries <= 2; tries++)
        {
            var count = gate.WriteAsync((db, ct) => db.Ratings.CountAsync(ct), Ct);
            using var client = await _silent.AcceptTcpClientAsync(Ct).AsTask().WaitAsync(Limit, Ct);
            client.Close();
            await Assert.ThrowsAsync<SqlException>(() => count.WaitAsync(Limit, Ct));
        }
    }

    private static async Task RefusesAsync(string connectionString)
    {
        await using var store = new SqlServerStore(connectionString, author: null, TimeProvider.System);
        Assert.False(
            (await Assert.ThrowsAsync<NotStoredException>(() => CommitAsync(store).WaitAsync(Limit, Ct))).IsLocked
        );
    }

    private static Task<CommitResult> CommitAsync(SqlServerStore store) =>
        store.CommitAsync([new GiveCorrection(Guid.CreateVersion7(), Grade.Satisfied, DateTimeOffset.UnixEpoch)], Ct);

    private static string ConnectionTo(int port) =>
        FormattableString.Invariant(
            $"Server=127.0.0.1,{port};Database=x;User ID=x;Password=x;TrustServerCertificate=True"
        );
}
