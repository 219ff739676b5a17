using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using ServiceEval.Core.Storage;

namespace ServiceEval.SqlServer;

/// <summary>
/// Ids are stored as bytes. SQL Server's own type for ids sorts by the last six bytes first, but here a range of ids
/// must be a range of time. Times are cut to the millisecond, as on every database, and the column cannot hold more.
/// Texts in keys and indexes are compared by their bytes, whatever collation the database has.
/// </summary>
internal sealed class SqlServerModelCustomizer(ModelCustomizerDependencies dependencies)
    : RelationalModelCustomizer(dependencies)
{
    public const string Bytewise = "Latin1_General_100_BIN2";

    private static readonly ValueConverter<DateTimeOffset, DateTimeOffset> Milliseconds = new(
        time => time.ToMilliseconds(),
        stored => stored
    );

    // The provider's own comparer for keys ignores case, so a context could not hold two keys that differ only in case.
    private static readonly ValueComparer<string> Ordinal = new(
        (a, b) => string.Equals(a, b, StringComparison.Ordinal),
        text => text.GetHashCode(StringComparison.Ordinal)
    );

    public override void Customize(ModelBuilder modelBuilder, DbContext context)
    {
        base.Customize(modelBuilder, context);
        modelBuilder.StoreIdsAsBytes();
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            if (property.ClrType == typeof(DateTimeOffset))
            {
                property.SetValueConverter(Milliseconds);
                property.SetPrecision(3);
            }
            if (
                property.ClrType == typeof(string)
                && (property.IsKey() || property.IsIndex() || property.IsForeignKey())
            )
            {
                property.SetCollation(Bytewise);
                property.SetValueComparer(Ordinal);
            }
        }
    }
}
