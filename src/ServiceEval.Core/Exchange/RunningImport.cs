using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Core.Exchange;

/// <summary>
/// An import that is running. No week is compiled while an import runs, because the report would cover only a part of
/// the history. An import counts as running until it ends, or until it was not renewed for <see cref="Patience"/>.
/// </summary>
public sealed class RunningImport
{
    /// <summary>The time for which an import that was killed still counts as running.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Returns the imports that are running. An import is left out if it was renewed at a time further in the future
    /// than <see cref="Patience"/>. A clock that was ahead wrote this time, and the import would count as running until
    /// then.
    /// </summary>
    public static IQueryable<RunningImport> Alive(IQueryable<RunningImport> imports, DateTimeOffset now)
    {
        var (after, before) = (now - Patience, now + Patience);
        return imports.Where(i => i.RenewedAt > after && i.RenewedAt < before);
    }

    public Guid Id { get; init; }

    /// <summary>The name of the source.</summary>
    public required string Source { get; init; }
    public DateTimeOffset RenewedAt { get; set; }
}

internal sealed class RunningImportConfiguration : IEntityTypeConfiguration<RunningImport>
{
    public void Configure(EntityTypeBuilder<RunningImport> import)
    {
        import.ToTable("RunningImports");
        import.Property(i => i.Id).ValueGeneratedNever();
        import.Property(i => i.Source).HasMaxLength(40);
    }
}
