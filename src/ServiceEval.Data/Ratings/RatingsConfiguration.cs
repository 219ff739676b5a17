using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Data.Ratings;

/// <summary>
/// The tables of the hot path carry no foreign keys: what they refer to is never deleted, each insert would pay for the
/// check, and the ledger proves more than a key could.
/// </summary>
internal sealed class RatingsConfiguration
    : IEntityTypeConfiguration<Rating>,
        IEntityTypeConfiguration<Correction>,
        IEntityTypeConfiguration<RatingDetail>,
        IEntityTypeConfiguration<DeviceMark>,
        IEntityTypeConfiguration<Tag>
{
    public void Configure(EntityTypeBuilder<Rating> rating)
    {
        rating.ToTable("Ratings");
        rating.Property(r => r.Id).ValueGeneratedNever();
        rating.Property(r => r.ReceiptHash).HasMaxLength(32).IsFixedLength();
        rating.Property(r => r.Leaf).HasMaxLength(32).IsFixedLength();
    }

    public void Configure(EntityTypeBuilder<Correction> correction)
    {
        correction.ToTable("Corrections");
        correction.HasKey(c => c.RatingId);
        correction.Property(c => c.RatingId).ValueGeneratedNever();
        correction.Property(c => c.Leaf).HasMaxLength(32).IsFixedLength();
    }

    public void Configure(EntityTypeBuilder<RatingDetail> detail)
    {
        detail.ToTable("RatingDetails");
        detail.HasKey(d => new { d.RatingId, d.Grade });
        // A report quotes its week's comments; they are few, and nothing else pays for the index.
        // Quoted as the standard has it, which every database reads: without, PostgreSQL looks for a column "comment".
        detail.HasIndex(d => d.GivenAt).HasFilter("\"Comment\" IS NOT NULL");
        detail.Property(d => d.Tags).HasMaxLength(200);
        detail.Property(d => d.Comment).HasMaxLength(2 * RatingDetail.MaxCommentLength);
        detail.Property(d => d.CommentSalt).HasMaxLength(16).IsFixedLength();
        detail.Property(d => d.CommentCommitment).HasMaxLength(32).IsFixedLength();
        detail.Property(d => d.Leaf).HasMaxLength(32).IsFixedLength();
    }

    public void Configure(EntityTypeBuilder<DeviceMark> mark)
    {
        mark.ToTable("DeviceMarks");
        mark.HasKey(m => new
        {
            m.LocalDate,
            m.WindowId,
            m.Device,
            m.RatingId,
        });
    }

    public void Configure(EntityTypeBuilder<Tag> tag)
    {
        tag.ToTable("Tags");
        tag.HasKey(t => t.Code);
        tag.Property(t => t.Code).HasMaxLength(20);
        tag.Property(t => t.Text).HasMaxLength(Tag.MaxText);
        tag.Property(t => t.TextEn).HasMaxLength(Tag.MaxTextEn);
    }
}
