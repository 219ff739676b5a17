using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Core;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Ratings;

public sealed class TicketKeysTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;
    private readonly FakeTimeProvider _clock = new(TestHost.Start);

    private string FilePath => Path.Combine(_directory, "keys", "ticket-keys.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Processes_that_start_together_on_one_data_directory_draw_one_key()
    {
        var secrets = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Convert.ToHexString(Ring().Current.Secret)))
        );
        Assert.Single(secrets.Distinct());
    }

    [Fact]
    public void A_ring_whose_file_vanished_is_written_back_with_the_next_key_and_nothing_is_forgotten()
    {
        var ring = Ring();
        var first = ring.Current;
        File.Delete(FilePath);

        Assert.Null(ring.Find(99));
        Assert.Same(first, ring.Current);
        _clock.Advance(TicketKeys.Rotation);
        Assert.Equal(2, ring.Current.Id);
        Assert.Equal(first.Secret, Ring().Find(1)!.Secret);
    }

    [Fact]
    public async Task A_start_on_ratings_without_their_keys_is_refused_in_one_sentence()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        Directory.Delete(Path.Combine(host.DataDirectory, "keys"), recursive: true);

        var refused = await Assert.ThrowsAsync<OperatorException>(() => host.RestartAsync());

        Assert.Contains("请从备份恢复", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(host.DataDirectory, "keys", "ticket-keys.json")));
    }

    [Fact]
    public async Task A_hanging_store_blocks_one_request_for_an_unknown_key_and_no_other_request()
    {
        using var hanging = new HangingStore(_directory);
        var ring = new TicketKeys(hanging, _clock, NullLogger<TicketKeys>.Instance);
        ring.Open(needed: false);
        hanging.Hang();

        var first = Task.Run(() => ring.Find(99), TestContext.Current.CancellationToken);
        await hanging.Asked.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Null(await WithoutWaitingAsync(() => ring.Find(98)));
        _clock.Advance(TicketKeys.Rotation);
        Assert.Equal(1, (await WithoutWaitingAsync(() => ring.Current)).Id);
        Assert.False(first.IsCompleted);

        hanging.Dispose();
        Assert.Null(await first);
        Assert.Equal(2, ring.Current.Id);
    }

    /// <summary>
    /// Returns the result even if the store hangs. If the call waits, the test fails after 30 seconds.
    /// </summary>
    private static Task<T> WithoutWaitingAsync<T>(Func<T> ask) =>
        Task.Run(ask, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    private sealed class HangingStore(string directory) : TicketKeyStore, IDisposable
    {
        private readonly TicketKeyFile _file = new(directory);
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _answers = new(true);

        public Task Asked => _asked.Task;
        public override string Name => _file.Name;
        public override bool IsMissing => _file.IsMissing;
        public override string OnMissing => _file.OnMissing;

        public void Hang() => _answers.Reset();

        public override IReadOnlyList<TicketKey> Load()
        {
            _asked.TrySetResult();
            _answers.Wait(TestContext.Current.CancellationToken);
            return _file.Load();
        }

        public override IReadOnlyList<TicketKey> Extend(
            Func<IReadOnlyList<TicketKey>, IReadOnlyList<TicketKey>> extend
        ) => _file.Extend(extend);

        public void Dispose() => _answers.Set();
    }

    private TicketKeys Ring() => new(new TicketKeyFile(_directory), _clock, NullLogger<TicketKeys>.Instance);
}
