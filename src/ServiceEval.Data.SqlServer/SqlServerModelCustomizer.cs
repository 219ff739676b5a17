using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ServiceEval.Data.SqlServer;

/// <summary>
/// Ids are bytes: SQL Server's own type for them is ordered by its last six bytes first, and a range of ids is a range of
/// time here. Times are cut to the millisecond, as every database has them, and the column can't hold more; texts of keys
/// and indexes are compared by their bytes, whatever the database's own collation.
/// </summary>
internal sealed class SqlServerModelCustomizer(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
{
    public const string Bytewise = "Latin1_General_100_BIN2";

    private static readonly ValueConverter<DateTimeOffset, DateTimeOffset> Milliseconds = new(time => time.ToMilliseconds(), stored => stored);

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
            if (property.ClrType == typeof(string) && (property.IsKey() || property.IsIndex())) property.SetCollation(Bytewise);
        }
    }
}
