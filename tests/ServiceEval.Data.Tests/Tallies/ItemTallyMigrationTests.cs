using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ServiceEval.Data.Sqlite;
using ServiceEval.Data.Tests.Ratings;

namespace ServiceEval.Data.Tests.Tallies;

public sealed class ItemTallyMigrationTests
{
    private const string BeforeItemsHadWindows = "ReceiptsWithoutIndex";
    private const int Samples = 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task An_upgrade_counts_items_anew_with_the_windows_they_were_named_at() => RatingStep.Sequences.SampleAsync(async steps =>
    {
        using var file = await SqliteFile.CreateAsync();
        await using (var writer = new SqliteWriter(file.ConnectionString, TimeProvider.System)) await writer.CommitAsync([.. steps.Select(s => s.ToRequest())], Ct);
        var before = StoredTallies.Items(file);

        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite(file.ConnectionString);
        await using var db = new ServiceEvalDb(options.Options);
        await db.GetService<IMigrator>().MigrateAsync(BeforeItemsHadWindows, Ct);
        Assert.Empty(file.Read("SELECT 1 FROM pragma_table_info('TalliesByItem') WHERE name = 'WindowId'", _ => 1));
        await db.Database.MigrateAsync(Ct);

        Assert.Equal(before, StoredTallies.Items(file));
        Assert.Equal(Recount.Of(file).Items, StoredTallies.Items(file));
    }, iter: Samples);
}
