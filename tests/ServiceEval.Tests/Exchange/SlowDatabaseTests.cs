using ServiceEval.Core;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Features.Exchange;

namespace ServiceEval.Tests.Exchange;

/// <summary>
/// Simulates a database that gives up slow commits. No real database can be made to do this on demand.
/// </summary>
public sealed class SlowDatabaseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1_000)]
    [InlineData(7)]
    [InlineData(1)]
    public async Task A_commit_that_is_given_up_is_tried_again_with_fewer_rows(int most)
    {
        var store = new SlowStore(most);
        var counts = await ImportAsync(store, 100);
        Assert.Equal("新导入 100 条，此前已导入 0 条，未导入 0 行", counts.ToString());
        Assert.Equal(100, store.Stored.Count);
    }

    [Fact]
    public async Task What_the_database_refuses_is_not_tried_again()
    {
        var refusing = new SlowStore(0) { Refusal = new NotStoredException("The disk is full.") };
        var stopped = await Assert.ThrowsAsync<OperatorException>(() => ImportAsync(refusing, 100));
        Assert.Contains("再运行一次即可接着导入，不会重复", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(1, refusing.Tries);
    }

    private static async Task<ImportCounts> ImportAsync(IRatingStore store, int rows)
    {
        await using var host = await TestHost.StartAsync();
        var path = await host.WriteAsync(Importing.Csv(rows));
        await using var stream = File.OpenRead(path);
        using var file = ImportFile.Open(stream, Ct);
        using var folder = new Folder();
        using var rejects = RejectsFile.Create([Path.Combine(folder.Path, "rejects.csv")]);
        var counts = new ImportCounts();
        var ratings = new RatingRows(
            host.Part<Web.Features.Places.HallDirectory>().Current,
            "old",
            profile: null,
            host.Clock
        );
        await new RatingImport(
            store,
            ratings,
            rejects,
            counts,
            new ImportLease(host.Part<IWriteGate>(), host.Clock, "old")
        ).RunAsync(file.Rows, Ct);
        return counts;
    }

    private sealed class SlowStore(int most) : IRatingStore
    {
        public HashSet<Guid> Stored { get; } = [];
        public int Tries { get; private set; }
        public Exception Refusal { get; init; } =
            new NotStoredException("No answer in time.", new OperationCanceledException());

        public Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
        {
            Tries++;
            if (requests.Count > most)
                throw Refusal;
            foreach (var request in requests)
                Assert.True(Stored.Add(request.RatingId));
            return Task.FromResult(
                new CommitResult(
                    [
                        .. requests.Select(_ => new LogResult(
                            LogOutcome.Stored,
                            Grade.Satisfied,
                            default(BlockReference)!
                        )),
                    ],
                    null,
                    []
                )
            );
        }
    }
}
