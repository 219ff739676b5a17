using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;
using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests.Ratings;

public sealed class CountingTests(Databases databases)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_query_finds_the_active_and_the_valid_rows_that_code_finds(DatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        List<WindowTally> rows =
        [
            .. from tier in Tiers.All
            from standing in Enum.GetValues<Standing>()
            select new WindowTally
            {
                WindowId = 1,
                Tier = tier,
                Standing = standing,
            },
        ];
        await database.Writes.WriteAsync(
            (db, ct) =>
            {
                db.AddRange(rows);
                return db.SaveChangesAsync(ct);
            },
            Ct
        );

        await using var context = database.NewContext();
        var tallies = context.TalliesByWindow.AsNoTracking().OrderBy(t => t.Tier).ThenBy(t => t.Standing);
        Assert.Equal(
            rows.Where(r => r.IsValid()).Select(r => (r.Tier, r.Standing)),
            (await tallies.WhereValid().ToListAsync(Ct)).Select(r => (r.Tier, r.Standing))
        );
        Assert.Equal(
            rows.Where(r => r.Tier.IsActive()).Select(r => (r.Tier, r.Standing)),
            (await tallies.WhereActive().ToListAsync(Ct)).Select(r => (r.Tier, r.Standing))
        );
        Assert.Equal(
            [Tier.Visit, Tier.Session, Tier.Printed, Tier.Open],
            rows.Where(r => r.IsValid() && r.Tier.IsActive()).Select(r => r.Tier)
        );
    }
}
