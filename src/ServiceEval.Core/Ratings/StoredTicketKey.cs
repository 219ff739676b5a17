using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Core.Ratings;

/// <summary>
/// A key that signs tickets, for nodes that share a database server. With a database file, the ticket keys are in a
/// separate file.
/// </summary>
public sealed class StoredTicketKey
{
    /// <summary>The number of the key, from 1 without gaps.</summary>
    public int Id { get; init; }

    /// <summary>32 random bytes.</summary>
    public required byte[] Secret { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class StoredTicketKeyConfiguration : IEntityTypeConfiguration<StoredTicketKey>
{
    public void Configure(EntityTypeBuilder<StoredTicketKey> key)
    {
        key.ToTable("TicketKeys");
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.Secret).HasMaxLength(32);
    }
}
