using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Data.Exchange;

/// <summary>
/// An import that runs: until its end, or until it has not been heard of for a while, no week is compiled, for it would
/// be of half a history.
/// </summary>
public sealed class RunningImport
{
    /// <summary>An import that was killed is believed to run for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Those that run. One renewed at a time that is yet to come was renewed by a clock that was ahead, and would be
    /// believed to run until then.
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
