using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.TestDatabases;
using ServiceEval.Tests.Ledger;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Hosting.Nodes;

/// <summary>Tests how a node on a server's database gets its key into the ledger, and which nodes do not.</summary>
public sealed class AdmissionTests(Databases databases)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_knows_the_password_is_admitted_by_one_that_serves_and_another_is_not()
    {
        await using var database = await PostgreSqlTestDatabase.CreateAsync(await databases.PostgreSqlAsync());
        await using var first = new AuthoringNode(database, "secret");
        await first.Authorship.StartAsync(Ct);
        await first.CommitAsync(LedgerFile.Give(1));

        await using var second = new AuthoringNode(database, "secret");
        await Assert.ThrowsAsync<NotStoredException>(() => second.CommitAsync(LedgerFile.Give(2)));
        await second.Authorship.StartAsync(Ct);
        Assert.Null(second.Authorship.Waiting);
        await second.CommitAsync(LedgerFile.Give(2));

        // The tests' server requires no password, so this node can write to the database like the others.
        await using var stranger = new AuthoringNode(database, "guess");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var starting = stranger.Authorship.StartAsync(end.Token);
        await first.Log.RefusedAsync();
        Assert.Contains("ledger renew", stranger.Authorship.Waiting, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotStoredException>(() => stranger.CommitAsync(LedgerFile.Give(3)));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);

        var result = await new Verification(database.Ledger).RunAsync([], null, Ct);
        // The ratings have no valid window, and their times differ from their blocks. The test looks only at keys and
        // blocks.
        Assert.DoesNotContain(result.Faults, fault => fault.Table is "LedgerBlocks" or "LedgerKeys" or "LedgerHead");
        Assert.Equal([2L, 1L], result.Signatures!.Keys.Select(k => k.Blocks));
    }

    [Fact]
    public async Task Nodes_that_share_a_key_file_are_one_author()
    {
        await using var database = await PostgreSqlTestDatabase.CreateAsync(await databases.PostgreSqlAsync());
        await using var first = new AuthoringNode(database, "secret");
        await using var second = new AuthoringNode(database, "secret", first.Folder);
        foreach (var node in (AuthoringNode[])[first, second])
            await node.Authorship.StartAsync(Ct);
        for (var i = 1; i <= 4; i++)
            await (i % 2 == 0 ? first : second).CommitAsync(LedgerFile.Give(i));

        var result = await new Verification(database.Ledger).RunAsync([], null, Ct);
        // The ratings have no valid window, and their times differ from their blocks. The test looks only at keys and
        // blocks.
        Assert.DoesNotContain(result.Faults, fault => fault.Table is "LedgerBlocks" or "LedgerKeys" or "LedgerHead");
        Assert.Equal(4, Assert.Single(result.Signatures!.Keys).Blocks);
    }

    [Fact]
    public async Task An_import_that_comes_first_admits_nodes_while_it_runs_and_later_by_its_key_file()
    {
        await using var database = await PostgreSqlTestDatabase.CreateAsync(await databases.PostgreSqlAsync());
        using var folder = new Folder();
        await using (var import = new AuthoringNode(database, "secret", folder.Path))
        {
            await using var answering = await import.Authorship.AnswerAsync(Ct);
            await import.CommitAsync(LedgerFile.Give(1));
            Assert.True(await import.Authorship.IsOnlyAuthorAsync(Ct));
            await using var node = new AuthoringNode(database, "secret");
            await node.Authorship.StartAsync(Ct);
            Assert.Null(node.Authorship.Waiting);
            await node.CommitAsync(LedgerFile.Give(2));
            Assert.False(await import.Authorship.IsOnlyAuthorAsync(Ct));
        }

        // The import has ended, and so has the node that it admitted.
        await using var late = new AuthoringNode(database, "secret");
        await late.Authorship.StartAsync(Ct);
        Assert.Contains("ledger admit", late.Authorship.Waiting, StringComparison.Ordinal);
        await using (var admit = new AuthoringNode(database, "secret", folder.Path))
            await admit.Authorship.RequireAsync(Ct);
        await late.CommitAsync(LedgerFile.Give(3));

        var result = await new Verification(database.Ledger).RunAsync([], null, Ct);
        Assert.DoesNotContain(result.Faults, fault => fault.Table is "LedgerBlocks" or "LedgerKeys" or "LedgerHead");
        Assert.Equal(3, result.Signatures!.Keys.Count);
    }

    /// <summary>The parts of a serving node that these tests need, without its pages.</summary>
    private sealed class AuthoringNode : IAsyncDisposable, IDbContextFactory<ServiceEvalDb>
    {
        private readonly Folder? _own;

        public AuthoringNode(TestDatabase database, string password, string? folder = null)
        {
            _own = folder is null ? new Folder() : null;
            Folder = folder ?? _own!.Path;
            var file = new LedgerKeyFile(LedgerKeyFile.In(Folder), isOnlyNode: false);
            var author = new LedgerAuthor("node", file.Open);
            Engine = new PostgreSqlEngine(
                new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = password }.ToString(),
                author,
                TimeProvider.System
            );
            Authorship = new NodeAuthorship(Engine, this, Engine.Writes, author, file, Log);
        }

        public string Folder { get; }
        public DatabaseEngine Engine { get; }
        public NodeAuthorship Authorship { get; }
        public Refusals Log { get; } = new();

        /// <summary>
        /// Commits a request. If the server is too busy to answer in time, it tries again. A node that is not admitted
        /// is refused at once.
        /// </summary>
        public async Task CommitAsync(LogRequest request)
        {
            while (true)
            {
                try
                {
                    await Engine.Ratings.CommitAsync([request], Ct);
                    return;
                }
                catch (NotStoredException e) when (e.InnerException is not null)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), Ct);
                }
            }
        }

        public ServiceEvalDb CreateDbContext()
        {
            var options = new DbContextOptionsBuilder<ServiceEvalDb>();
            Engine.Use(options);
            return new ServiceEvalDb(options.Options);
        }

        public async ValueTask DisposeAsync()
        {
            await Authorship.StopAsync(CancellationToken.None);
            Authorship.Dispose();
            await Engine.DisposeAsync();
            _own?.Dispose();
        }
    }

    private sealed class Refusals : ILogger<NodeAuthorship>
    {
        private const int Refused = 1114;

        private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task RefusedAsync() => _refused.Task.WaitAsync(TimeSpan.FromMinutes(1), Ct);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (eventId.Id == Refused)
                _refused.TrySetResult();
        }
    }
}
