using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Places;

/// <summary>Writes the regions of a set, and the regions of its halls.</summary>
internal static class SeededRegions
{
    /// <exception cref="OperatorException">The database has another root.</exception>
    public static async Task WriteAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        var present = await db.Regions.ToDictionaryAsync(r => r.Code, ct);
        var root = present.Values.Single(r => r.Id == Region.RootId);
        foreach (var row in set.Regions)
        {
            if (!present.TryGetValue(row.Code, out var region))
            {
                region = row.Parent.Length == 0 ? Renamed(root, row.Code) : Added(db, row);
                present[row.Code] = region;
            }
            (region.Name, region.ShortName, region.Level) = (row.Name, row.ShortName, row.Level);
            if (row.Parent.Length > 0)
                region.ParentId = present[row.Parent].Id;
            // The children need the id of this region.
            await db.SaveChangesAsync(ct);
        }
    }

    /// <summary>Places the halls. A hall that has a region already moves at the date that the set states.</summary>
    /// <exception cref="OperatorException">A move has no date, or its date would change frozen reports.</exception>
    public static async Task PlaceAsync(ServiceEvalDb db, SeedSet set, CancellationToken ct)
    {
        if (!set.Regions.Any())
            return;
        var regions = await db.Regions.ToDictionaryAsync(r => r.Code, r => r.Id, ct);
        var halls = await db.Halls.ToDictionaryAsync(h => h.Code, h => h.Id, ct);
        var placements = (await db.HallPlacements.ToListAsync(ct)).ToLookup(p => p.HallId);
        foreach (var row in set.Halls)
        {
            var region = row.Region.Length == 0 ? Region.RootId : regions[row.Region];
            var last = placements[halls[row.Code]].MaxBy(p => p.From);
            if (last?.RegionId == region)
                continue;
            if (last is not null)
                await CheckMoveAsync(db, row, last, ct);
            db.Add(
                new HallPlacement
                {
                    HallId = halls[row.Code],
                    From = last is null ? HallPlacement.Always : row.RegionFrom!.Value,
                    RegionId = region,
                }
            );
        }
    }

    private static async Task CheckMoveAsync(
        ServiceEvalDb db,
        SeedSet.HallRow row,
        HallPlacement last,
        CancellationToken ct
    )
    {
        var frozen = await db.Reports.OrderByDescending(r => r.Week).Select(r => r.Week).FirstOrDefaultAsync(ct);
        var move = $"大厅“{row.Code}”改属区划 {row.Region}";
        if (row.RegionFrom is not { } from)
            throw new OperatorException($"{move}，请在 halls.csv 的 regionFrom 一列写明从哪一天起。");
        if (from <= last.From)
            throw new OperatorException($"{move}，regionFrom 应晚于上一次变动的日期 {last.From:yyyy-MM-dd}。");
        // A week belongs to the region that the hall has on its Monday.
        var first = IsoWeek.Of(from).ToString();
        if (frozen is not null && string.CompareOrdinal(frozen, first) >= 0)
            throw new OperatorException(
                $"{move}，但 {first} 起的周报已经编制（最近一期 {frozen}），"
                    + $"regionFrom 应不早于 {IsoWeek.Parse(frozen).Next.Monday:yyyy-MM-dd}。"
            );
    }

    private static Region Renamed(Region root, string code)
    {
        if (root.Code != Region.RootAlias)
            throw new OperatorException(
                $"数据库里最上级的区划是 {root.Code} {root.Name}，这套数据却是 {code}；一个数据库只有一个最上级。"
            );
        root.Code = code;
        return root;
    }

    private static Region Added(ServiceEvalDb db, SeedSet.RegionRow row)
    {
        var region = new Region
        {
            Code = row.Code,
            Name = row.Name,
            ShortName = row.ShortName,
        };
        db.Add(region);
        return region;
    }
}
