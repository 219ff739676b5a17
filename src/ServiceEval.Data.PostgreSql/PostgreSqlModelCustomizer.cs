using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Data.PostgreSql;

/// <summary>
/// PostgreSQL has types for all we store, and its uuid has the bytes of our ids in their order. Times are cut to the
/// millisecond, as every database has them, and the column can't hold more; texts of keys and indexes are ordered by
/// their bytes, whatever the database's own collation.
/// </summary>
internal sealed class PostgreSqlModelCustomizer(ModelCustomizerDependencies dependencies)
    : RelationalModelCustomizer(dependencies)
{
    // A row that is changed stays in its page if there is room, and then no index has to be told.
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
