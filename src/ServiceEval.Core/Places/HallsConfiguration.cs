using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Core.Places;

internal sealed class HallsConfiguration
    : IEntityTypeConfiguration<Hall>,
        IEntityTypeConfiguration<Region>,
        IEntityTypeConfiguration<HallPlacement>,
        IEntityTypeConfiguration<Window>,
        IEntityTypeConfiguration<RevokedCode>,
        IEntityTypeConfiguration<WindowItem>,
        IEntityTypeConfiguration<Department>,
        IEntityTypeConfiguration<ServiceItem>,
        IEntityTypeConfiguration<Installation>
{
    public void Configure(EntityTypeBuilder<Hall> hall)
    {
        hall.ToTable("Halls");
        hall.HasIndex(h => h.Code).IsUnique();
        hall.Property(h => h.Code).HasMaxLength(40);
        hall.Property(h => h.Name).HasMaxLength(Hall.MaxName);
        hall.Property(h => h.ShortName).HasMaxLength(Hall.MaxShortName);
        hall.Property(h => h.TimeZone).HasMaxLength(Hall.MaxTimeZone);
        hall.Property(h => h.OpeningHours).HasMaxLength(Hall.MaxOpeningHours);
        hall.Property(h => h.Telephone).HasMaxLength(Hall.MaxTelephone);
        hall.Property(h => h.Address).HasMaxLength(Hall.MaxAddress);
    }

    public void Configure(EntityTypeBuilder<Region> region)
    {
        region.ToTable("Regions");
        region.HasIndex(r => r.Code).IsUnique();
        region.Property(r => r.Code).HasMaxLength(12);
        region.Property(r => r.Name).HasMaxLength(Region.MaxName);
        region.Property(r => r.ShortName).HasMaxLength(Region.MaxShortName);
        region.HasOne<Region>().WithMany().HasForeignKey(r => r.ParentId).OnDelete(DeleteBehavior.Restrict);
        region.HasData(Region.UnnamedRoot());
    }

    public void Configure(EntityTypeBuilder<HallPlacement> placement)
    {
        placement.ToTable("HallPlacements");
        placement.HasKey(p => new { p.HallId, p.From });
        placement.HasOne<Hall>().WithMany().HasForeignKey(p => p.HallId).OnDelete(DeleteBehavior.Restrict);
        placement.HasOne<Region>().WithMany().HasForeignKey(p => p.RegionId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<Window> window)
    {
        window.ToTable("Windows");
        window.HasIndex(w => w.Code).IsUnique();
        window.HasIndex(w => new { w.HallId, w.Number }).IsUnique();
        window.Property(w => w.Number).HasMaxLength(20);
        window.Property(w => w.Name).HasMaxLength(Window.MaxName);
        window.Property(w => w.Code).HasMaxLength(20);
        window.HasOne<Hall>().WithMany().HasForeignKey(w => w.HallId).OnDelete(DeleteBehavior.Restrict);
        window.HasOne<Department>().WithMany().HasForeignKey(w => w.DepartmentId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<RevokedCode> revoked)
    {
        revoked.ToTable("RevokedCodes");
        revoked.HasKey(r => r.Code);
        revoked.Property(r => r.Code).HasMaxLength(20);
        revoked.HasOne<Window>().WithMany().HasForeignKey(r => r.WindowId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<WindowItem> item)
    {
        item.ToTable("WindowItems");
        item.HasKey(i => new { i.WindowId, i.ItemId });
        item.HasOne<Window>().WithMany().HasForeignKey(i => i.WindowId).OnDelete(DeleteBehavior.Restrict);
        item.HasOne<ServiceItem>().WithMany().HasForeignKey(i => i.ItemId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<Department> department)
    {
        department.ToTable("Departments");
        department.HasIndex(d => d.Code).IsUnique();
        department.Property(d => d.Code).HasMaxLength(40);
        department.Property(d => d.Name).HasMaxLength(Department.MaxName);
        department.Property(d => d.ShortName).HasMaxLength(Department.MaxShortName);
        // There is no foreign key, because SQLite would have to build the table again for it.
        department.Property(d => d.RegionId).HasDefaultValue(Region.RootId);
    }

    public void Configure(EntityTypeBuilder<ServiceItem> item)
    {
        item.ToTable("ServiceItems");
        item.HasIndex(i => i.Code).IsUnique();
        item.Property(i => i.Code).HasMaxLength(40);
        item.Property(i => i.Name).HasMaxLength(ServiceItem.MaxName);
        item.Property(i => i.Aliases).HasMaxLength(ServiceItem.MaxAliases);
        item.HasOne<Department>().WithMany().HasForeignKey(i => i.DepartmentId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<Installation> installation)
    {
        installation.ToTable("Installation");
        installation.Property(i => i.Id).ValueGeneratedNever();
        installation.Property(i => i.Title).HasMaxLength(Installation.MaxTitle);
    }
}
