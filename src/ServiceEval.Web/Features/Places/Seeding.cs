using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Places;

/// <summary>
/// Writes the halls, departments, items and tags of a set into the database. If it runs again, it changes only what the
/// files of the set changed. Rows that are not in the set stay, except the common items of its windows. A window keeps the code that its printed QR code
/// carries.
/// </summary>
public sealed class Seeding(IWriteGate gate)
{
    // The number of rows in one save. A serving process waits for the write lock during a save.
    private const int Chunk = 500;

    /// <returns>The sets that were written: first the sets that this one includes, last this set itself.</returns>
    /// <exception cref="OperatorException">The set does not exist, or it has mistakes.</exception>
    public async Task<IReadOnlyList<SeedSet>> SeedAsync(string setName, CancellationToken ct)
    {
        var sets = SeedSet.Load(setName, ct);
        await SeedAsync(sets, ct);
        return sets;
    }

    public async Task SeedAsync(IReadOnlyList<SeedSet> sets, CancellationToken ct)
    {
        var steps = sets.SelectMany(Steps).ToList();
        if (await BeganWithAllAsync(steps, ct))
            return;
        foreach (var step in steps)
            await gate.WriteAsync((db, token) => SaveAsync(db, step, token), ct);
    }

    private static IEnumerable<Step> Steps(SeedSet set) =>
        [
            // This step is first, so that sample data are never without their mark.
            (db, token) => MarkDemoAsync(db, set, token),
            (db, token) => SeededRegions.WriteAsync(db, set, token),
            (db, token) => DepartmentsAsync(db, set, token),
            (db, token) => HallsAsync(db, set, token),
            (db, token) => SeededRegions.PlaceAsync(db, set, token),
            (db, token) => WindowsAsync(db, set, token),
            .. set
                .Items.Chunk(Chunk)
                .Select<SeedSet.ItemRow[], Step>(rows => (db, token) => ItemsAsync(db, rows, token)),
            (db, token) => WindowItemsAsync(db, set, token),
            (db, token) => TagsAsync(db, set, token),
            // This step is last, so that a running host reads the whole set or nothing.
            (db, token) => AnnounceAsync(db, set, token),
        ];

    /// <summary>
    /// Writes all steps in one transaction if there is no window yet. Without a window nobody rates, so nobody waits
    /// for the write lock. The set is then stored completely or not at all, and half a county is never taken for a
    /// whole one. Returns false if there are windows.
    /// </summary>
    private Task<bool> BeganWithAllAsync(IReadOnlyList<Step> steps, CancellationToken ct) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(token);
                if (await db.Windows.AnyAsync(token))
                    return false;
                foreach (var step in steps)
                    await SaveAsync(db, step, token);
                await transaction.CommitAsync(token);
                return true;
            },
            ct
        );

    private static async Task<int> SaveAsync(ServiceEvalDb db, Step step, CancellationToken ct)
    {
        await step(db, ct);
        return await db.SaveChangesAsync(ct);
    }

    private static async Task MarkDemoAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var installation = await db.Installation.SingleOrDefaultAsync(ct);
        if (installation is null)
            db.Add(installation = new Installation());
        installation.Demo |= set.Set.Demo;
    }

    private static async Task DepartmentsAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var present = await db.Departments.ToDictionaryAsync(d => d.Code, ct);
        var regions = await db.Regions.ToDictionaryAsync(r => r.Code, r => r.Id, ct);
        foreach (var row in set.Departments)
        {
            if (!present.TryGetValue(row.Code, out var department))
                db.Add(
                    department = new Department
                    {
                        Code = row.Code,
                        Name = row.Name,
                        ShortName = row.ShortName,
                    }
                );
            (department.Name, department.ShortName) = (row.Name, row.ShortName);
            department.RegionId =
                row.Region.Length == 0 ? Region.RootId : Find(regions, row.Region, "departments.csv", "区划");
        }
    }

    private static async Task HallsAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var present = await db.Halls.ToDictionaryAsync(h => h.Code, ct);
        foreach (var row in set.Halls)
        {
            if (!present.TryGetValue(row.Code, out var hall))
                db.Add(
                    hall = new Hall
                    {
                        Code = row.Code,
                        Name = row.Name,
                        ShortName = row.ShortName,
                        TimeZone = row.TimeZone,
                    }
                );
            (hall.Name, hall.ShortName, hall.Kind, hall.TimeZone) = (row.Name, row.ShortName, row.Kind, row.TimeZone);
            (hall.OpeningHours, hall.Telephone, hall.Address) = (row.OpeningHours, row.Telephone, row.Address);
        }
    }

    private static async Task WindowsAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var halls = await db.Halls.ToDictionaryAsync(h => h.Code, h => h.Id, ct);
        var departments = await db.Departments.ToDictionaryAsync(d => d.Code, d => d.Id, ct);
        var present = await db.Windows.ToDictionaryAsync(w => (w.HallId, w.Number), ct);
        foreach (var row in set.Windows)
        {
            var hall = Find(halls, row.Hall, "windows.csv", "大厅");
            if (!present.TryGetValue((hall, row.Number), out var window))
                db.Add(
                    window = new Window
                    {
                        HallId = hall,
                        Number = row.Number,
                        Name = row.Name,
                        Code = WindowCode.Draw(),
                    }
                );
            (window.Name, window.Kind, window.Status) = (row.Name, row.Kind, row.Status);
            window.DepartmentId =
                row.Department.Length == 0 ? null : Find(departments, row.Department, "windows.csv", "部门");
        }
    }

    private static async Task ItemsAsync(ServiceEvalDb db, IReadOnlyList<SeedSet.ItemRow> rows, CancellationToken ct)
    {
        var departments = await db.Departments.ToDictionaryAsync(d => d.Code, d => d.Id, ct);
        var codes = rows.Select(r => r.Code).ToList();
        var present = await db.ServiceItems.Where(i => codes.Contains(i.Code)).ToDictionaryAsync(i => i.Code, ct);
        foreach (var row in rows)
        {
            var department = Find(departments, row.Department, "items.csv", "部门");
            if (!present.TryGetValue(row.Code, out var item))
                db.Add(item = new ServiceItem { Code = row.Code, Name = row.Name });
            (item.Name, item.DepartmentId, item.Aliases) = (row.Name, department, row.Aliases);
        }
    }

    private static async Task WindowItemsAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var windows = await db
            .Windows.Join(
                db.Halls,
                w => w.HallId,
                h => h.Id,
                (w, h) =>
                    new
                    {
                        h.Code,
                        w.Number,
                        w.Id,
                    }
            )
            .ToDictionaryAsync(w => (w.Code, w.Number), w => w.Id, ct);
        var items = await db.ServiceItems.ToDictionaryAsync(i => i.Code, i => i.Id, ct);
        var present = await db.WindowItems.ToDictionaryAsync(i => (i.WindowId, i.ItemId), ct);
        var named = new HashSet<(int Window, int Item)>();
        foreach (var row in set.WindowItems)
        {
            var window = Find(windows, (row.Hall, row.Number), "window-items.csv", "窗口");
            var item = Find(items, row.Item, "window-items.csv", "事项");
            named.Add((window, item));
            if (present.TryGetValue((window, item), out var known))
                known.Rank = row.Rank;
            else
                db.Add(
                    new WindowItem
                    {
                        WindowId = window,
                        ItemId = item,
                        Rank = row.Rank,
                    }
                );
        }
        // A window of the set has exactly the items that the file names. A set without the file says nothing about them.
        if (named.Count == 0)
            return;
        var own = set.Windows.Select(w => windows[(w.Hall, w.Number)]).ToHashSet();
        db.RemoveRange(present.Where(p => own.Contains(p.Key.WindowId) && !named.Contains(p.Key)).Select(p => p.Value));
    }

    private static async Task TagsAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var present = await db.Tags.ToDictionaryAsync(t => t.Code, ct);
        foreach (var row in set.Tags)
        {
            if (!present.TryGetValue(row.Code, out var tag))
                db.Add(
                    tag = new Tag
                    {
                        Code = row.Code,
                        Text = row.Text,
                        TextEn = row.TextEn,
                    }
                );
            (tag.Grade, tag.Text, tag.TextEn, tag.Basic, tag.Version, tag.Retired) = (
                row.Grade,
                row.Text,
                row.TextEn,
                row.Basic,
                row.Version,
                row.Retired
            );
        }
    }

    private static async Task AnnounceAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var installation = await db.Installation.SingleAsync(ct);
        if (set.Halls.Any())
            installation.Title = set.Set.Title;
        installation.DirectoryVersion++;
    }

    internal static int Find<TKey>(Dictionary<TKey, int> ids, TKey code, string file, string what)
        where TKey : notnull =>
        ids.TryGetValue(code, out var id) ? id : throw new OperatorException($"{file} 提到的{what}“{code}”不存在。");

    private delegate Task Step(ServiceEvalDb db, CancellationToken ct);
}

/// <summary>
/// The codes for the QR of windows: ten characters without vowels or look-alikes. No code can be guessed or read as a
/// word.
/// </summary>
public static class WindowCode
{
    private const string Alphabet = "23456789bcdfghjkmnpqrstvwxz";

    public static string Draw() => RandomNumberGenerator.GetString(Alphabet, 10);
}
