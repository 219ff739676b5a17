using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Core.Ratings;

/// <summary>
/// The tables of the hot path have no foreign keys. The rows that they refer to are never deleted, each insert would
/// pay for the check, and the ledger proves more than a foreign key could.
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
        detail.Ignore(d => d.BindsItsComment);
        // A report quotes the comments of its week. Comments are few, and other rows do not pay for this index. The
        // filter has standard quotes, because every database reads them. Without quotes, PostgreSQL looks for a column
        // "comment".
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
