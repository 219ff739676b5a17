using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Tallies;

/// <summary>A row of counts with one column for each grade. A figure then needs one row instead of five.</summary>
public abstract class GradedTally
{
    public int VerySatisfied { get; set; }
    public int Satisfied { get; set; }
    public int BasicallySatisfied { get; set; }
    public int Dissatisfied { get; set; }
    public int VeryDissatisfied { get; set; }

    public GradeCounts Counts => new(VerySatisfied, Satisfied, BasicallySatisfied, Dissatisfied, VeryDissatisfied);

    public void Add(GradeCounts counts)
    {
        VerySatisfied += counts.VerySatisfied;
        Satisfied += counts.Satisfied;
        BasicallySatisfied += counts.BasicallySatisfied;
        Dissatisfied += counts.Dissatisfied;
        VeryDissatisfied += counts.VeryDissatisfied;
    }
}

/// <summary>The tally by hour. The trends of boards and the reports read it.</summary>
public sealed class HourTally : GradedTally, ICounted
{
    public DateOnly LocalDate { get; init; }
    public byte LocalHour { get; init; }
    public int WindowId { get; init; }
    public int DepartmentId { get; init; }
    public Tier Tier { get; init; }
    public Channel Channel { get; init; }
    public Standing Standing { get; init; }
}

/// <summary>The tally by item. It does not contain ratings for which the citizen named no item.</summary>
public sealed class ItemTally : GradedTally, ICounted
{
    public DateOnly LocalDate { get; init; }
    public int WindowId { get; init; }
    public int ItemId { get; init; }

    /// <summary>The department of the item.</summary>
    public int DepartmentId { get; init; }
    public Tier Tier { get; init; }
    public Standing Standing { get; init; }
}

/// <summary>
/// The tally by window since the first rating. The cohorts of a board are computed from it, so no history needs to be
/// summed.
/// </summary>
public sealed class WindowTally : GradedTally, ICounted
{
    public int WindowId { get; init; }
    public Tier Tier { get; init; }
    public Standing Standing { get; init; }
}

/// <summary>The tally by tag.</summary>
public sealed class TagTally
{
    public DateOnly LocalDate { get; init; }
    public int WindowId { get; init; }
    public required string TagCode { get; init; }
    public Standing Standing { get; init; }
    public int Count { get; set; }
}

internal sealed class TalliesConfiguration
    : IEntityTypeConfiguration<HourTally>,
        IEntityTypeConfiguration<ItemTally>,
        IEntityTypeConfiguration<WindowTally>,
        IEntityTypeConfiguration<TagTally>
{
    public void Configure(EntityTypeBuilder<HourTally> tally)
    {
        tally.ToTable("TalliesByHour");
        tally.HasKey(t => new
        {
            t.LocalDate,
            t.LocalHour,
            t.WindowId,
            t.DepartmentId,
            t.Tier,
            t.Channel,
            t.Standing,
        });
    }

    public void Configure(EntityTypeBuilder<ItemTally> tally)
    {
        tally.ToTable("TalliesByItem");
        tally.HasKey(t => new
        {
            t.LocalDate,
            t.WindowId,
            t.ItemId,
            t.DepartmentId,
            t.Tier,
            t.Standing,
        });
    }

    public void Configure(EntityTypeBuilder<WindowTally> tally)
    {
        tally.ToTable("TalliesByWindow");
        tally.HasKey(t => new
        {
            t.WindowId,
            t.Tier,
            t.Standing,
        });
    }

    public void Configure(EntityTypeBuilder<TagTally> tally)
    {
        tally.ToTable("TalliesByTag");
        tally.HasKey(t => new
        {
            t.LocalDate,
            t.WindowId,
            t.TagCode,
            t.Standing,
        });
        tally.Property(t => t.TagCode).HasMaxLength(20);
    }
}
