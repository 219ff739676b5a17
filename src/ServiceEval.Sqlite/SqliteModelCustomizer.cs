using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using ServiceEval.Core.Storage;

namespace ServiceEval.Sqlite;

/// <summary>
/// SQLite cannot compare <see cref="DateTimeOffset"/>, and it stores dates as text. So times become UTC milliseconds,
/// and dates become the number yyyymmdd. Both sort, are legible and are small. A table whose key is bytes, a text or
/// several columns is stored in the tree of its key, so that no second index is needed.
/// </summary>
internal sealed class SqliteModelCustomizer(ModelCustomizerDependencies dependencies)
    : RelationalModelCustomizer(dependencies)
{
    public const string WithoutRowId = "ServiceEval:WithoutRowId";

    private static readonly ValueConverter<DateTimeOffset, long> Milliseconds = new(
        time => time.ToUnixTimeMilliseconds(),
        stored => SqliteTime.FromNumber(stored)
    );

    private static readonly ValueConverter<DateOnly, int> Dates = new(
        date => SqliteDate.ToNumber(date),
        stored => SqliteDate.FromNumber(stored)
    );

    public override void Customize(ModelBuilder modelBuilder, DbContext context)
    {
        base.Customize(modelBuilder, context);
        modelBuilder.StoreIdsAsBytes();
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                if (property.ClrType == typeof(DateTimeOffset))
                    property.SetValueConverter(Milliseconds);
                if (property.ClrType == typeof(DateOnly))
                    property.SetValueConverter(Dates);
            }

            var key = entity.FindPrimaryKey()!.Properties;
            if (key.Count > 1 || key[0].ClrType == typeof(Guid) || key[0].ClrType == typeof(string))
                entity.SetAnnotation(WithoutRowId, true);
        }
    }
}

/// <summary>A time as the milliseconds since 1970.</summary>
internal static class SqliteTime
{
    public const long LastMillisecond = 253_402_300_799_999;

    /// <summary>
    /// Returns the nearest possible time for a number that our program never writes, because a damaged row must not
    /// stop the service. Verification reads the number itself.
    /// </summary>
    public static DateTimeOffset FromNumber(long number) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(number, 0, LastMillisecond));
}

/// <summary>A date as the number yyyymmdd.</summary>
internal static class SqliteDate
{
    public static int ToNumber(DateOnly date) => date.Year * 10_000 + date.Month * 100 + date.Day;

    public static DateOnly FromNumber(int number) => new(number / 10_000, number / 100 % 100, number % 100);
}
