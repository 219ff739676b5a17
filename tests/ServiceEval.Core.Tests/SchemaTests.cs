using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Tests.Ratings;
using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests;

public sealed class SchemaTests(Databases databases)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task No_change_of_the_model_lacks_its_migration(DatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await using var db = database.NewContext();
        Assert.False(db.Database.HasPendingModelChanges());
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Ct));
    }

    [Theory, EveryDatabase]
    public async Task An_id_is_stored_as_the_bytes_that_the_ledger_hashes_and_sorts_by_them(DatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        // In the byte order of the .NET runtime the second id would come first.
        Guid[] ids =
        [
            new("019a0000-00ff-7000-8000-000000000001"),
            new("019a0001-0000-7000-8000-000000000001"),
            new("01ff0000-0000-7000-8000-000000000001"),
        ];
        await Given.CommitAsync(database, [.. ids.Select(id => Given.Rating(id))]);

        var bytes = kind == DatabaseKind.PostgreSql ? "uuid_send(\"Id\")" : "\"Id\"";
        var stored = await database.ReadAsync($"SELECT {bytes} FROM \"Ratings\" ORDER BY \"Id\"");
        Assert.Equal(
            ids.Select(id => Convert.ToHexStringLower(id.ToByteArray(bigEndian: true))),
            stored.Select(r => r[0])
        );
        await using var db = database.NewContext();
        Assert.Equal(ids, await db.Ratings.OrderBy(r => r.Id).Select(r => r.Id).ToListAsync(Ct));
    }

    [Theory, EveryDatabase]
    public async Task Texts_that_order_matters_for_are_ordered_by_their_bytes(DatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await database.Writes.WriteAsync(
            (db, ct) =>
            {
                foreach (var code in (string[])["b", "B", "a-b", "ab", "A"])
                    db.Add(
                        new Core.Ratings.Tag
                        {
                            Code = code,
                            Text = code,
                            TextEn = code,
                            Grade = Core.Ratings.Grade.Satisfied,
                        }
                    );
                return db.SaveChangesAsync(ct);
            },
            Ct
        );

        await using var context = database.NewContext();
        Assert.Equal(
            ["A", "B", "a-b", "ab", "b"],
            await context.Tags.OrderBy(t => t.Code).Select(t => t.Code).ToListAsync(Ct)
        );
    }
}
