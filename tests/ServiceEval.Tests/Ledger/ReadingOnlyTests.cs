using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Ledger;

namespace ServiceEval.Tests.Ledger;

public sealed class ReadingOnlyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verifying_a_copy_changes_nothing_in_its_directory()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await using var copy = await file.CopyAsync();
        var before = Fingerprints(copy.Directory);

        var (exitCode, _, errors) = await TestHost.CommandInAsync(copy.Directory, "verify");

        Assert.True(exitCode == 0, errors);
        Assert.Equal(before, Fingerprints(copy.Directory));
    }

    [Fact]
    public async Task A_copy_beside_which_nothing_can_be_written_is_verified()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await using var copy = await file.CopyAsync();
        await copy.TamperAsync("PRAGMA journal_mode=WAL");
        await copy.TamperAsync("UPDATE Ratings SET Grade = 1 WHERE Id = $1", 1);
        // A link to a missing folder takes the place of SQLite's shared index. Even root cannot create or read that
        // file now.
        File.CreateSymbolicLink($"{copy.Path}-shm", "/nowhere/at/all");
        Assert.Contains(await copy.FaultsAsync(), f => f is { Kind: FaultKind.Altered, Table: "Ratings" });
    }

    [Fact]
    public async Task Checkpoints_go_on_between_two_pages()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        var reader = new Sqlite.SqliteLedgerReader($"Data Source={file.Path}");
        await reader.PinAsync(new TallySums(new TallySecret()), Ct);
        await reader.PageAsync(EntryKind.Rating, null, Ct);
        var checkpoint = Assert.Single(await file.QueryAsync("PRAGMA wal_checkpoint(TRUNCATE)"));
        Assert.Equal(0L, checkpoint[0]);
        SqliteConnection.ClearPool(new SqliteConnection($"Data Source={file.Path};Mode=ReadOnly"));
    }

    [Fact]
    public async Task Ratings_that_come_in_meanwhile_are_left_to_the_next_verification()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        // The report was compiled days after the blocks that follow it here, so it is deleted.
        await file.TamperAsync("DELETE FROM Reports");
        var verification = Task.CompletedTask;
        for (var number = 100; number < 400; number++)
        {
            if (verification.IsCompleted)
            {
                await verification;
                verification = Task.Run(async () => Assert.Empty(await file.FaultsAsync()), Ct);
            }
            await file.CommitAsync(LedgerFile.Give(number));
        }
        await verification;
        Assert.Empty(await file.FaultsAsync());
    }

    [Theory]
    [InlineData("DELETE FROM __EFMigrationsHistory", LedgerUnreadable.OlderThanProgram)]
    [InlineData(
        "INSERT INTO __EFMigrationsHistory VALUES ('29991231235959_Later', '20.0')",
        LedgerUnreadable.NewerThanProgram
    )]
    [InlineData("DROP TABLE Corrections", LedgerUnreadable.Damaged)]
    [InlineData("ALTER TABLE LedgerBlocks DROP COLUMN Root", LedgerUnreadable.Damaged)]
    public async Task What_is_not_this_programs_schema_is_not_judged(string sql, LedgerUnreadable reason)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync(sql);
        Assert.Equal(reason, (await Assert.ThrowsAsync<LedgerUnreadableException>(() => file.FaultsAsync())).Reason);
    }

    private static IReadOnlyList<string> Fingerprints(string directory) =>
        [
            .. Directory
                .EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"),
        ];
}
