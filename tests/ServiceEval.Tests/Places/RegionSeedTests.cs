using System.Text.Json;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Places;

/// <summary>A set brings a tree of regions, and a hall can move within it.</summary>
public sealed class RegionSeedTests
{
    private const string Tree = """
        code,name,shortName,level,parent
        410928000000,示例县,示例县,county,
        410928100000,东镇,东镇,township,410928000000
        410928101000,西镇,西镇,township,410928000000
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Mistakes =>
        new()
        {
            { "410928100000,东镇", "41092810000,东镇", "应为12位行政区划代码" },
            { "410928101000,西镇", "410928100000,西镇", "区划的代码不能相同" },
            { "西镇,township,410928000000", "西镇,township,", "只有最上级的区划可以不写上级" },
            { "西镇,township,410928000000", "西镇,township,410000000000", "regions.csv 中没有这个上级区划" },
            { "西镇,township,410928000000", "西镇,county,410928000000", "应低于上级区划“示例县”的级别" },
            { "示例县,county,", "示例县,county,410928101000", "没有最上级的区划" },
            { "西镇,township", "西镇,town", "level 列“town”：应为 province、city、county、township、village 之一" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_tree_with_a_mistake_is_refused_with_its_line(string right, string wrong, string told)
    {
        using var set = new OwnSet();
        set.Write("regions.csv", Tree.Replace(right, wrong, StringComparison.Ordinal));

        var mistakes = SeedSet.Check(set.Name, Ct).Mistakes.Select(m => m.ToString()).ToList();

        Assert.True(
            mistakes.Exists(m => m.Contains(told, StringComparison.Ordinal)),
            $"{told}: {string.Join('\n', mistakes)}"
        );
    }

    [Fact]
    public async Task A_seeded_tree_is_served_and_a_hall_moves_only_with_a_date_after_the_reports()
    {
        await using var host = await TestHost.StartAsync();
        using var set = new OwnSet();
        set.Write("regions.csv", Tree);
        Place(set, "region", "410928100000");
        Assert.Equal((0, ""), await SeedAsync(host, set));

        using var regions = JsonDocument.Parse(await host.Client.GetStringAsync("/api/v1/regions", Ct));
        Assert.Equal(
            [
                ("410928000000", "county", null),
                ("410928100000", "township", "410928000000"),
                ("410928101000", "township", "410928000000"),
            ],
            regions.RootElement.EnumerateArray().Select(r => (Text(r, "code"), Text(r, "level"), Text(r, "parent")))
        );
        Assert.Equal("410928100000", await RegionOfAsync(host, "main"));
        Assert.Equal("410928000000", await RegionOfAsync(host, TestHost.Hall));

        Place(set, "region", "410928101000");
        Assert.Contains(
            "请在 halls.csv 的 regionFrom 一列写明从哪一天起",
            (await SeedAsync(host, set)).Errors,
            StringComparison.Ordinal
        );

        await host.QueryAsync(
            """
            INSERT INTO Reports (Scope, Week, Version, DataHash, ContentHash, LedgerSequence, LedgerHash, CompiledAt, Json)
            VALUES ('county', '2026-W47', 1, zeroblob(32), zeroblob(32), 0, zeroblob(32), 0, '{}')
            """
        );
        Place(set, "region,regionFrom", "410928101000,2026-11-20");
        Assert.Contains(
            "regionFrom 应不早于 2026-11-23",
            (await SeedAsync(host, set)).Errors,
            StringComparison.Ordinal
        );

        Place(set, "region,regionFrom", "410928101000,2026-11-23");
        Assert.Equal((0, ""), await SeedAsync(host, set));
        Assert.Equal("410928100000", await RegionOfAsync(host, "main"));
        host.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal("410928101000", await RegionOfAsync(host, "main"));
    }

    /// <summary>Gives the hall of the set further columns.</summary>
    private static void Place(OwnSet set, string columns, string values)
    {
        var lines = set.Read("halls.csv").TrimEnd().Split('\n');
        var header = lines[0].Split(",region")[0];
        var row = lines[1].Split(",41092810")[0];
        set.Write("halls.csv", $"{header},{columns}\n{row},{values}\n");
    }

    private static async Task<(int ExitCode, string Errors)> SeedAsync(TestHost host, OwnSet set)
    {
        var (exitCode, _, errors) = await host.CommandAsync("seed", set.Name);
        await host.Part<HallDirectory>().RefreshAsync(Ct);
        return exitCode == 0 ? (0, "") : (exitCode, errors);
    }

    private static async Task<string?> RegionOfAsync(TestHost host, string hall)
    {
        using var halls = JsonDocument.Parse(await host.Client.GetStringAsync("/api/v1/halls", Ct));
        return halls
            .RootElement.EnumerateArray()
            .Where(h => Text(h, "code") == hall)
            .Select(h => Text(h, "region"))
            .Single();
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
