using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Data.Boards;

/// <summary>
/// The last published version of a hall's board. Its version is the lock: who releases raises it from the version they
/// read, and a loser reads anew.
/// </summary>
public sealed class BoardRelease
{
    public int HallId { get; init; }
    public long Version { get; set; }
    public DateTimeOffset ReleasedAt { get; set; }

    /// <summary>
    /// A stamp of the names that the board bore: of its hall and windows alone, so that another hall's change is none
    /// here.
    /// </summary>
    public int DirectoryVersion { get; set; }

    /// <summary>The ledger's head when the release was made.</summary>
    public long LedgerSequence { get; set; }
    public byte[] LedgerHash { get; set; } = [];
}

/// <summary>A window's cursor: its tally of active, counted ratings as far as boards have shown it.</summary>
public sealed class BoardCursor : GradedTally
{
    public int WindowId { get; init; }
}

/// <summary>The cohorts of one window released under one local date; a board's figures are sums of these.</summary>
public sealed class ReleasedDay : GradedTally
{
    public int WindowId { get; init; }
    public DateOnly LocalDate { get; init; }
}

internal sealed class BoardsConfiguration
    : IEntityTypeConfiguration<BoardRelease>,
        IEntityTypeConfiguration<BoardCursor>,
        IEntityTypeConfiguration<ReleasedDay>
{
    public void Configure(EntityTypeBuilder<BoardRelease> release)
    {
        release.ToTable("BoardReleases");
        release.HasKey(r => r.HallId);
        release.Property(r => r.Version).IsConcurrencyToken();
        release.Property(r => r.HallId).ValueGeneratedNever();
        release.Property(r => r.LedgerHash).HasMaxLength(32).IsFixedLength();
    }

    public void Configure(EntityTypeBuilder<BoardCursor> cursor)
    {
        cursor.ToTable("BoardCursors");
        cursor.HasKey(c => c.WindowId);
        cursor.Property(c => c.WindowId).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<ReleasedDay> day)
    {
        day.ToTable("ReleasedDays");
        day.HasKey(d => new { d.WindowId, d.LocalDate });
    }
}
