using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ServiceEval.Core.Tests.Ratings;
using ServiceEval.Sqlite;
using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests.Tallies;

public sealed class ItemTallyMigrationTests
{
    private const string BeforeItemsHadWindows = "ReceiptsWithoutIndex";
    private const int Samples = 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task An_upgrade_recounts_items_by_the_window_at_which_they_were_named() =>
        RatingStep.Sequences.SampleAsync(
            async steps =>
            {
                await using var database = await SqliteTestDatabase.CreateAsync();
                await using (var writer = (SqliteWriter)database.NewStore())
                    await writer.CommitAsync([.. steps.Select(s => s.ToRequest())], Ct);
                var before = await StoredTallies.ItemsAsync(database);

                await using var db = database.NewContext();
                await db.GetService<IMigrator>().MigrateAsync(BeforeItemsHadWindows, Ct);
                Assert.Empty(
                    await database.ReadAsync("SELECT 1 FROM pragma_table_info('TalliesByItem') WHERE name = 'WindowId'")
                );
                await db.Database.MigrateAsync(Ct);

                Assert.Equal(before, await StoredTallies.ItemsAsync(database));
                Assert.Equal((await Recount.OfAsync(database)).Items, await StoredTallies.ItemsAsync(database));
            },
            iter: Samples
        );
}
