using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ServiceEval.Core.Storage;

/// <summary>
/// Stores ids as 16 bytes in big-endian order. Ids of UUID version 7 then sort by time in every database.
/// </summary>
public static class BigEndianIds
{
    private static readonly ValueConverter<Guid, byte[]> Bytes = new(
        id => id.ToByteArray(true),
        bytes => new Guid(bytes, true)
    );

    /// <summary>
    /// Configures every id of the model. It is for a database that has no type for ids, or whose type has another order
    /// of bytes.
    /// </summary>
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
