using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ServiceEval.Data;

/// <summary>Ids as 16 big-endian bytes, so that version 7 ids sort by time in every database.</summary>
public static class BigEndianIds
{
    private static readonly ValueConverter<Guid, byte[]> Bytes = new(
        id => id.ToByteArray(true),
        bytes => new Guid(bytes, true)
    );

    /// <summary>For a database whose own type for ids has another order of bytes, or that has none.</summary>
    public static void StoreIdsAsBytes(this ModelBuilder model)
    {
        foreach (
            var property in model
                .Model.GetEntityTypes()
                .SelectMany(e => e.GetProperties())
                .Where(p => p.ClrType == typeof(Guid))
        )
        {
            property.SetValueConverter(Bytes);
            property.SetMaxLength(16);
            property.SetIsFixedLength(true);
        }
    }
}
