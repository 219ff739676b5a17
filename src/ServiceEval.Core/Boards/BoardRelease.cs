using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Boards;

/// <summary>
/// The last published version of a hall's board. The version number is for optimistic concurrency: a process that makes
/// a release raises the number that it read. If another process has raised it first, the process reads again.
/// </summary>
public sealed class BoardRelease
{
    public int HallId { get; init; }
    public long Version { get; set; }
    public DateTimeOffset ReleasedAt { get; set; }

    /// <summary>
    /// A stamp of the names on the board: the names of its own hall and of this hall's windows. A change in another
    /// hall does not change the stamp.
    /// </summary>
    public int DirectoryVersion { get; set; }

    /// <summary>The sequence of the ledger head when the release was made.</summary>
    public long LedgerSequence { get; set; }
    public byte[] LedgerHash { get; set; } = [];
}

/// <summary>The cursor of a window: the tally of its active, counted ratings that boards have shown so far.</summary>
public sealed class BoardCursor : GradedTally
{
    public int WindowId { get; init; }
}

/// <summary>
/// The sum of the cohorts of one window that were released under one local date. The figures of a board are sums of
/// these rows.
/// </summary>
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
