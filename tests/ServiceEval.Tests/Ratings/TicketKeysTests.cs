using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
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
        var secrets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Convert.ToHexString(Ring().Current.Secret))));
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

        var refused = await Assert.ThrowsAsync<StartException>(() => host.RestartAsync());

        Assert.Contains("请从备份恢复", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(host.DataDirectory, "keys", "ticket-keys.json")));
    }

    private TicketKeys Ring() => new(new TicketKeyFile(_directory), _clock, NullLogger<TicketKeys>.Instance);
}
