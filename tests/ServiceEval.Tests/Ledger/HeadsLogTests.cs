using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Storage;
using ServiceEval.Sqlite;
using ServiceEval.Tests.Exchange;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Features.Ledger.Keys;

namespace ServiceEval.Tests.Ledger;

public sealed class HeadsLogTests
{
    /// <summary>The longest wait for an event. It is no measurement.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_head_is_noted_when_the_host_stops()
    {
        await using var host = await TestHost.StartAsync();
        var rating = await host.RateAsync();
        await host.RestartAsync();

        var lines = await File.ReadAllLinesAsync(Path.Combine(host.DataDirectory, "heads.log"), Ct);
        var publicKey = (byte[])(await host.QueryAsync("SELECT PublicKey FROM LedgerKeys"))[0][0]!;
        Assert.Equal(
            [
                $"2026-11-18T02:00:00Z key:{LedgerKey.FingerprintOf(publicKey)}",
                $"2026-11-18T02:00:00Z {rating.Block.Sequence}:{rating.Block.Hash}",
            ],
            lines
        );
    }

    [Fact]
    public async Task The_head_that_an_import_made_is_noted_in_the_next_minute_without_a_rating()
    {
        await using var host = await TestHost.StartAsync();
        Assert.Equal(0, (await host.ImportAsync(Importing.Csv(1))).ExitCode);
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        var file = Path.Combine(host.DataDirectory, "heads.log");
        var waited = Stopwatch.StartNew();
        while (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            Assert.True(waited.Elapsed < Limit, "It was never noted.");
            await Task.Delay(20, Ct);
        }
        Assert.Contains("\n2026-11-18T02:01:00Z 1:", await File.ReadAllTextAsync(file, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_heads_log_that_can_not_be_read_stops_neither_the_start_nor_a_rating()
    {
        var directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;
        await using var held = new FileStream(
            Path.Combine(directory, "heads.log"),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None
        );
        await using var host = await TestHost.StartInAsync(directory, ownsDirectory: true);

        await host.RateAsync();
        Assert.Equal(1, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task An_older_database_that_was_put_back_is_said_at_the_start()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.StopAsync();
        File.Copy(host.DatabasePath, host.DatabasePath + ".older");
        await host.RestartAsync();
        await host.RateAsync();
        await host.StopAsync();
        Assert.DoesNotContain(await LogOfOneRunAsync(host.DataDirectory), Says);

        File.Move(host.DatabasePath + ".older", host.DatabasePath, overwrite: true);
        var said = Assert.Single(await LogOfOneRunAsync(host.DataDirectory), Says);
        Assert.Contains("\"@l\":\"Fatal\",\"Sequence\":2,\"Last\":1", said, StringComparison.Ordinal);

        static bool Says(string line) =>
            line.Contains("is in heads.log and not in the ledger", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_row_that_no_key_in_force_has_signed_in_is_not_noted()
    {
        using var stranger = SigningKey.Create();
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        // The row goes into a block that a valid key has signed. The block does not commit to the row.
        var key = LedgerKey.Of(2, stranger.PublicKey, "stranger", 0, TestHost.Start);
        await host.QueryAsync(
            """
            INSERT INTO LedgerKeys (Id, Algorithm, PublicKey, Name, Replaces, AdmittedAt, Leaf, Block, "Index")
            VALUES (2, 1, $1, 'stranger', 0, $3, $2, 1, 2)
            """,
            key.PublicKey,
            key.Leaf,
            key.AdmittedAt.ToUnixTimeMilliseconds()
        );
        await host.RestartAsync();
        Assert.DoesNotContain(stranger.Fingerprint, await LinesAsync(host), StringComparison.Ordinal);

        await host.QueryAsync("DELETE FROM LedgerKeys WHERE Id = 2");
        Assert.Equal(0, (await host.CommandAsync("ledger", "rotate")).ExitCode);
        await host.RestartAsync();
        var keys = await host.QueryAsync("SELECT PublicKey FROM LedgerKeys");
        Assert.Equal(2, keys.Count);
        foreach (var fingerprint in keys.Select(k => LedgerKey.FingerprintOf((byte[])k[0]!)))
            Assert.Contains($"key:{fingerprint}", await LinesAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_head_is_noted_even_if_the_proof_of_a_key_fails()
    {
        await using var host = await TestHost.StartAsync();
        var rating = await host.RateAsync();
        await host.QueryAsync("ALTER TABLE RatingDetails RENAME TO Elsewhere");
        await host.StopAsync();
        Assert.Equal($"2026-11-18T02:00:00Z {rating.Block.Sequence}:{rating.Block.Hash}\n", await LinesAsync(host));

        await host.QueryAsync("ALTER TABLE Elsewhere RENAME TO RatingDetails");
        await host.RestartAsync();
        await host.StopAsync();
        Assert.Contains(" key:", await LinesAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_noted_once_needs_no_proof_from_the_ratings()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.StopAsync();
        await host.QueryAsync("DELETE FROM Ratings");
        Assert.Equal(0, (await host.CommandAsync("ledger", "rotate")).ExitCode);
        await host.RestartAsync();
        await host.StopAsync();

        var keys = await host.QueryAsync("SELECT PublicKey FROM LedgerKeys");
        Assert.Equal(2, keys.Count);
        foreach (var fingerprint in keys.Select(k => LedgerKey.FingerprintOf((byte[])k[0]!)))
            Assert.Contains($"key:{fingerprint}", await LinesAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ratings_are_searched_once_for_a_key_that_they_do_not_prove()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("DELETE FROM Ratings WHERE Id = $1", 1);
        var searches = 0;
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite($"Data Source={file.Path};Pooling=False");
        options.LogTo(line => searches += line.Contains("FROM \"Ratings\"", StringComparison.Ordinal) ? 1 : 0);
        var proven = new ProvenKeys();
        for (var i = 0; i < 2; i++)
        {
            await using var db = new ServiceEvalDb(options.Options);
            var none = new HashSet<string>();
            var found = await proven.ReadAsync(db, noted: none, trusted: none, Ct);
            Assert.Empty(found);
            if (i == 0)
                Assert.NotEqual(0, searches);
            else
                Assert.Equal(0, searches);
            searches = 0;
        }
    }

    private static Task<string> LinesAsync(TestHost host) =>
        File.ReadAllTextAsync(Path.Combine(host.DataDirectory, "heads.log"), Ct);

    private static async Task<string[]> LogOfOneRunAsync(string directory) =>
        (await ProgramRun.ServeOnceAsync(directory, ("ServiceEval__DataDirectory", directory))).Split('\n');
}
