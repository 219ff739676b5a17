using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Core.Nodes;

/// <summary>
/// A host that serves on this database, or served on it before. It counts as alive while its heartbeat goes on.
/// </summary>
public sealed class Node
{
    public int Id { get; init; }
    public required string Machine { get; init; }
    public int ProcessId { get; init; }

    /// <summary>
    /// The place in which the process id is valid: one start of one machine, or one container. Null if the place cannot
    /// be determined.
    /// </summary>
    public string? Place { get; init; }

    /// <summary>
    /// True if the node pushes to the screens of other nodes and receives their pushes (through Redis).
    /// </summary>
    public bool HasRedis { get; init; }

    /// <summary>
    /// The heartbeat. It grows every few seconds. To find out whether a node is alive, another node watches this
    /// number, because the clocks of machines differ.
    /// </summary>
    public long Beat { get; set; }

    /// <summary>
    /// The time of the last heartbeat by the node's own clock. People read it, and old rows are removed by it.
    /// </summary>
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
