using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Data.Reports;

/// <summary>A compiled, frozen report of one week; a later version is a new row.</summary>
public sealed class Report
{
    /// <summary><c>county</c> or a hall's code.</summary>
    public required string Scope { get; init; }

    /// <summary>ISO 8601 week, such as <c>2026-W47</c>.</summary>
    public required string Week { get; init; }

    /// <summary>From 1.</summary>
    public int Version { get; init; }

    /// <summary>Over the week's rows only: it changes when, and only when, the week's figures do. 32 bytes.</summary>
    public required byte[] DataHash { get; init; }

    /// <summary>SHA-256 of <see cref="Json"/> without its own hash, 32 bytes.</summary>
    public required byte[] ContentHash { get; init; }
    public long LedgerSequence { get; init; }
    public required byte[] LedgerHash { get; init; }
    public DateTimeOffset CompiledAt { get; init; }
    public required string Json { get; init; }

    public string Id => $"{Scope}-{Week}-v{Version}";
}

internal sealed class ReportsConfiguration : IEntityTypeConfiguration<Report>
{
    public void Configure(EntityTypeBuilder<Report> report)
    {
        report.ToTable("Reports");
        report.HasKey(r => new
        {
            r.Scope,
            r.Week,
            r.Version,
        });
        report.Ignore(r => r.Id);
        report.Property(r => r.Scope).HasMaxLength(40);
        report.Property(r => r.Week).HasMaxLength(8);
        report.Property(r => r.DataHash).HasMaxLength(32).IsFixedLength();
        report.Property(r => r.ContentHash).HasMaxLength(32).IsFixedLength();
        report.Property(r => r.LedgerHash).HasMaxLength(32).IsFixedLength();
    }
}
