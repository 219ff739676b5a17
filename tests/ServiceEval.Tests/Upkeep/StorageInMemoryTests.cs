using System.Net;
using Microsoft.Data.Sqlite;

namespace ServiceEval.Tests.Upkeep;

/// <summary>Data on a small tmpfs must be refused for real use. For a demonstration the tmpfs is too full.</summary>
public sealed class StorageInMemoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Real_data_in_memory_stop_the_start_before_anything_is_written()
    {
        await using var disk = await SmallDisk.MountAsync();
        var (exitCode, output, errors) = await new ServiceProcess(disk.Root)
            .With("ASPNETCORE_ENVIRONMENT", "Production")
            .RunAsync("serve");
        Assert.True(exitCode == 1, output + errors);
        Assert.Contains("tmpfs", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Root));

        await using var developing = await new ServiceProcess(disk.Root)
            .With("ASPNETCORE_ENVIRONMENT", "Development")
            .ServeAsync();
        using var ready = await developing.Client.GetAsync("/healthz/ready", Ct);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task A_demonstration_that_no_longer_is_one_is_refused_too()
    {
        await using var disk = await SmallDisk.MountAsync();
        await BackingUpTests.SayAsync(disk.Root, "seed", "minimal");
        await using (await new ServiceProcess(disk.Root).With("ASPNETCORE_ENVIRONMENT", "Production").ServeAsync()) { }
        await ExecuteAsync(disk.Root, "UPDATE Installation SET Demo = 0");
        var (exitCode, _, errors) = await new ServiceProcess(disk.Root)
            .With("ASPNETCORE_ENVIRONMENT", "Production")
            .RunAsync("serve");
        Assert.Equal(1, exitCode);
        Assert.Contains("tmpfs", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_fills_up_refuses_ratings_tears_nothing_and_takes_them_again_when_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync();
        await BackingUpTests.SayAsync(disk.Root, "seed", "minimal");
        var code = await Citizens.WindowCodeAsync(disk.Root);
        IReadOnlyList<Guid> acknowledged,
            refused;
        await using (var serving = await new ServiceProcess(disk.Root).ServeAsync())
        {
            await using var citizens = new Citizens(serving.Client, code);
            await citizens.UntilAsync(c => c.Acknowledged.Count >= 50);
            disk.Fill();
            await citizens.UntilAsync(c => c.Refused.Count >= 50);
            using (var page = await serving.Client.GetAsync($"/w/{code}", Ct))
                Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            var before = citizens.Acknowledged.Count;
            disk.MakeRoom();
            await citizens.UntilAsync(c => c.Acknowledged.Count >= before + 50);
            await citizens.StopAsync();
            (acknowledged, refused) = ([.. citizens.Acknowledged.Select(r => r.RatingId)], citizens.Refused);
        }

        Assert.Contains("核验通过", await BackingUpTests.SayAsync(disk.Root, "verify"), StringComparison.Ordinal);
        var stored = await RatingsAsync(disk.Root);
        Assert.Equal(acknowledged.Order(), stored.Order());
        Assert.Empty(stored.Intersect(refused));
    }

    private static async Task<IReadOnlyList<Guid>> RatingsAsync(string directory)
    {
        await using var connection = await OpenAsync(directory);
        await using var command = new SqliteCommand("SELECT Id FROM Ratings", connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(Ct))
            ids.Add(new Guid((byte[])reader.GetValue(0), bigEndian: true));
        return ids;
    }

    private static async Task ExecuteAsync(string directory, string sql)
    {
        await using var connection = await OpenAsync(directory);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task<SqliteConnection> OpenAsync(string directory)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "serviceeval.db")};Pooling=False");
        await connection.OpenAsync(Ct);
        return connection;
    }
}
