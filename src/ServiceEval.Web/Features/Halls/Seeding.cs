using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Halls;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Halls;

/// <summary>
/// Brings a set's halls, departments, items and tags into the database. Run again it changes nothing but what the set's
/// files changed; what is not in the set stays, and a window keeps the code its printed QR carries.
/// </summary>
public sealed class Seeding(IWriteGate gate)
{
    // Rows a save: a serving process waits for the write lock meanwhile.
    private const int Chunk = 500;

    public async Task SeedAsync(string setName, CancellationToken ct)
    {
        foreach (var set in SeedSet.Load(setName)) await SeedAsync(set, ct);
    }

    private async Task SeedAsync(SeedSet set, CancellationToken ct)
    {
        if (set.Halls.FirstOrDefault(h => h.Code == Hall.CountyScope) is not null)
            throw new StartException($"大厅编码不能是“{Hall.CountyScope}”，它在报告中表示全县。");

        await WriteAsync((db, token) => DepartmentsAsync(db, set, token), ct);
        await WriteAsync((db, token) => HallsAsync(db, set, token), ct);
        await WriteAsync((db, token) => WindowsAsync(db, set, token), ct);
        foreach (var chunk in set.Items.Chunk(Chunk)) await WriteAsync((db, token) => ItemsAsync(db, chunk, token), ct);
        await WriteAsync((db, token) => WindowItemsAsync(db, set, token), ct);
        await WriteAsync((db, token) => TagsAsync(db, set, token), ct);
        // Last, so that a running host reads the whole set or none of it.
        await WriteAsync((db, token) => MarkAsync(db, set, token), ct);
    }

    private Task WriteAsync(Func<ServiceEvalDb, CancellationToken, Task> write, CancellationToken ct) => gate.WriteAsync(async (db, token) =>
    {
        await write(db, token);
        return await db.SaveChangesAsync(token);
    }, ct);

    private static async Task DepartmentsAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var present = await db.Departments.ToDictionaryAsync(d => d.Code, ct);
        foreach (var row in set.Departments)
        {
            if (!present.TryGetValue(row.Code, out var department)) db.Add(new Department { Code = row.Code, Name = row.Name, ShortName = row.ShortName });
            else (department.Name, department.ShortName) = (row.Name, row.ShortName);
        }
    }

    private static async Task HallsAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var present = await db.Halls.ToDictionaryAsync(h => h.Code, ct);
        foreach (var row in set.Halls)
        {
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(row.TimeZone, out _)) throw new StartException($"大厅“{row.Name}”的时区“{row.TimeZone}”在本机没有。");
            if (!present.TryGetValue(row.Code, out var hall))
                db.Add(hall = new Hall { Code = row.Code, Name = row.Name, ShortName = row.ShortName, TimeZone = row.TimeZone });
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
                db.Add(window = new Window { HallId = hall, Number = row.Number, Name = row.Name, Code = WindowCode.Draw() });
            (window.Name, window.Kind, window.Status) = (row.Name, row.Kind, row.Status);
            window.DepartmentId = row.Department.Length == 0 ? null : Find(departments, row.Department, "windows.csv", "部门");
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
            if (!present.TryGetValue(row.Code, out var item)) db.Add(new ServiceItem { Code = row.Code, Name = row.Name, DepartmentId = department });
            else (item.Name, item.DepartmentId) = (row.Name, department);
        }
    }

    private static async Task WindowItemsAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var windows = await db.Windows.Join(db.Halls, w => w.HallId, h => h.Id, (w, h) => new { h.Code, w.Number, w.Id })
            .ToDictionaryAsync(w => (w.Code, w.Number), w => w.Id, ct);
        var items = await db.ServiceItems.ToDictionaryAsync(i => i.Code, i => i.Id, ct);
        var present = await db.WindowItems.ToDictionaryAsync(i => (i.WindowId, i.ItemId), ct);
        foreach (var row in set.WindowItems)
        {
            var window = Find(windows, (row.Hall, row.Number), "window-items.csv", "窗口");
            var item = Find(items, row.Item, "window-items.csv", "事项");
            if (present.TryGetValue((window, item), out var known)) known.Rank = row.Rank;
            else db.Add(new WindowItem { WindowId = window, ItemId = item, Rank = row.Rank });
        }
    }

    private static async Task TagsAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var present = await db.Tags.ToDictionaryAsync(t => t.Code, ct);
        foreach (var row in set.Tags)
        {
            if (!present.TryGetValue(row.Code, out var tag)) db.Add(tag = new Tag { Code = row.Code, Text = row.Text, TextEn = row.TextEn });
            (tag.Grade, tag.Text, tag.TextEn, tag.Basic, tag.Version, tag.Retired) = (row.Grade, row.Text, row.TextEn, row.Basic, row.Version, row.Retired);
        }
    }

    private static async Task MarkAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var installation = await db.Installation.SingleOrDefaultAsync(ct);
        if (installation is null) db.Add(installation = new Installation());
        if (set.Halls.Count > 0) installation.Title = set.Set.Title;
        installation.Demo |= set.Set.Demo;
        installation.DirectoryVersion++;
    }

    private static int Find<TKey>(Dictionary<TKey, int> ids, TKey code, string file, string what) where TKey : notnull =>
        ids.TryGetValue(code, out var id) ? id : throw new StartException($"{file} 提到的{what}“{code}”不存在。");
}

/// <summary>Codes for windows' QR: ten characters without vowels or look-alikes, so that none can be guessed or read as a word.</summary>
public static class WindowCode
{
    private const string Alphabet = "23456789bcdfghjkmnpqrstvwxz";

    public static string Draw() => RandomNumberGenerator.GetString(Alphabet, 10);
}
