using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Data.Nodes;

/// <summary>A host that serves on this database, or did; it lives as long as its beat goes on.</summary>
public sealed class Node
{
    public int Id { get; init; }
    public required string Machine { get; init; }
    public int ProcessId { get; init; }

    /// <summary>
    /// Where its process id means something: of one start of one machine, one container. Null where that can't be told.
    /// </summary>
    public string? Place { get; init; }

    /// <summary>Whether it tells the other nodes' screens, and is told.</summary>
    public bool HasRedis { get; init; }

    /// <summary>
    /// Goes up every few seconds. Whoever doubts that a node lives watches it, for clocks of machines differ.
    /// </summary>
    public long Beat { get; set; }

    /// <summary>By its own clock, for people to read and old rows to be removed by.</summary>
    public DateTimeOffset SeenAt { get; set; }
}

internal sealed class NodeConfiguration : IEntityTypeConfiguration<Node>
{
    public void Configure(EntityTypeBuilder<Node> node)
    {
        node.ToTable("Nodes");
        node.Property(n => n.Machine).HasMaxLength(255);
        node.Property(n => n.Place).HasMaxLength(120);
    }
}
