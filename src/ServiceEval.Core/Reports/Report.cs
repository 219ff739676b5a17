using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Core.Reports;

/// <summary>A compiled and frozen report of one week. A later version is a new row.</summary>
public sealed class Report
{
    /// <summary><c>county</c> or the code of a hall.</summary>
    public required string Scope { get; init; }

    /// <summary>The ISO 8601 week, such as <c>2026-W47</c>.</summary>
    public required string Week { get; init; }

    /// <summary>The number of the version, from 1.</summary>
    public int Version { get; init; }

    /// <summary>
    /// The hash over the rows of the week only, 32 bytes. It changes if and only if the figures of the week change.
    /// </summary>
    public required byte[] DataHash { get; init; }

    /// <summary>The SHA-256 of <see cref="Json"/> without the hash in the JSON itself, 32 bytes.</summary>
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
