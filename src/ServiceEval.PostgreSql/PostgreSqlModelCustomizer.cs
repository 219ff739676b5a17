using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Tallies;

namespace ServiceEval.PostgreSql;

/// <summary>
/// PostgreSQL has a type for every value that we store, and its uuid has the bytes of our ids in our order. Times are
/// cut to the millisecond, as on every database, and the column cannot hold more. Texts in keys and indexes are sorted
/// by their bytes, whatever collation the database has.
/// </summary>
internal sealed class PostgreSqlModelCustomizer(ModelCustomizerDependencies dependencies)
    : RelationalModelCustomizer(dependencies)
{
    // If the page has room, a changed row stays in its page, and no index must be updated (HOT update).
    private const int RoomForChanges = 70;

    private static readonly ValueConverter<DateTimeOffset, DateTimeOffset> Milliseconds = new(
        time => time.ToMilliseconds(),
        stored => stored
    );

    public override void Customize(ModelBuilder modelBuilder, DbContext context)
    {
        base.Customize(modelBuilder, context);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                if (property.ClrType == typeof(DateTimeOffset))
                {
                    property.SetValueConverter(Milliseconds);
                    property.SetPrecision(3);
                }
                if (property.ClrType == typeof(string) && (property.IsKey() || property.IsIndex()))
                    property.SetCollation("C");
            }

            if (
                entity.ClrType.IsAssignableTo(typeof(GradedTally))
                || entity.ClrType == typeof(TagTally)
                || entity.ClrType == typeof(LedgerHead)
            )
                modelBuilder.Entity(entity.ClrType).HasStorageParameter("fillfactor", RoomForChanges);
        }
    }
}
