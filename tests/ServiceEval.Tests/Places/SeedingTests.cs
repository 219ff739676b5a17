using Microsoft.Data.Sqlite;
using ServiceEval.Core.Places;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Places;

public sealed class SeedingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_seeding_leaves_no_sample_data_without_the_demo_mark()
    {
        using var folder = new Folder();
        await using (var seed = ProgramRun.Start(folder.Path, "seed puyang"))
        {
            await seed.UntilAsync(async () => seed.HasExited || await CountAsync(folder, "Windows") > 0);
            seed.Kill();
            await seed.ExitAsync();
        }

        if (await CountAsync(folder, "Windows") > 0)
            Assert.Equal(1, await CountAsync(folder, "Installation WHERE Demo = 1"));

        await using var again = ProgramRun.Start(folder.Path, "seed puyang");
        Assert.Equal(0, await again.ExitAsync());
        Assert.Equal((109, 2081), (await CountAsync(folder, "Windows"), await CountAsync(folder, "ServiceItems")));
        Assert.Equal(
            (20, 39),
            (
                await CountAsync(folder, $"Halls WHERE Kind = {(int)HallKind.TownshipCentre}"),
                await CountAsync(folder, "Departments")
            )
        );
        Assert.Equal(
            20,
            await CountAsync(
                folder,
                $"Windows JOIN Halls ON Halls.Id = HallId WHERE Halls.Kind = {(int)HallKind.Hall} AND Windows.Kind = {(int)WindowKind.Comprehensive}"
            )
        );
    }

    [Theory]
    [InlineData("national", "国家评价详情标签：73 个标签。")]
    [InlineData("minimal", "最小示例：1 个大厅，2 个窗口，1 个部门，8 个事项，73 个标签。")]
    public async Task Seeding_says_what_the_set_contained(string set, string sentence)
    {
        using var folder = new Folder();
        await using var seed = ProgramRun.Start(folder.Path, $"seed {set}");

        Assert.Equal(0, await seed.ExitAsync());
        Assert.Equal(sentence, seed.Errors);
    }

    [Fact]
    public async Task A_common_item_that_the_set_no_longer_names_leaves_the_page_of_the_window()
    {
        using var folder = new Folder();
        using var set = new OwnSet();
        await SeedAsync(folder, set);
        set.Replace("window-items.csv", "main,1,ITEM-1,1\nmain,1,ITEM-2,2", "main,A-2,ITEM-2,1");
        await SeedAsync(folder, set);
        Assert.Equal(1, await CountAsync(folder, "WindowItems"));

        set.Delete("window-items.csv");
        await SeedAsync(folder, set);
        Assert.Equal(1, await CountAsync(folder, "WindowItems"));
    }

    [Fact]
    public async Task A_set_leaves_the_common_items_of_other_windows_alone()
    {
        using var folder = new Folder();
        await using (var seed = ProgramRun.Start(folder.Path, "seed minimal"))
            Assert.Equal(0, await seed.ExitAsync());
        var before = await CountAsync(folder, "WindowItems");
        using var set = new OwnSet();

        await SeedAsync(folder, set);

        Assert.Equal(before + 2, await CountAsync(folder, "WindowItems"));
    }

    private static async Task SeedAsync(Folder folder, OwnSet set)
    {
        await using var seed = ProgramRun.Start(folder.Path, $"seed {set.Name}");
        Assert.True(await seed.ExitAsync() == 0, seed.Errors);
    }

    [Theory]
    [InlineData("Main Hall")]
    [InlineData("大厅")]
    [InlineData("a/b")]
    [InlineData("county")]
    [InlineData("a2345678901234567890123456789012345678901")]
    public async Task A_hall_code_that_no_address_can_carry_is_refused_and_nothing_is_stored(string code)
    {
        await using var host = await TestHost.StartAsync();
        var set = Directory.CreateDirectory(
            Path.Combine(AppContext.BaseDirectory, "seeds", $"faulty-{Guid.NewGuid():N}")
        );
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(set.FullName, "set.json"),
                $$"""{"name":"{{set.Name}}","title":"县","demo":false,"includes":[]}""",
                Ct
            );
            await File.WriteAllTextAsync(
                Path.Combine(set.FullName, "halls.csv"),
                $"code,name,shortName,kind,timeZone,openingHours,telephone,address\n{code},大厅,大厅,hall,Asia/Shanghai,,,\n",
                Ct
            );

            var (exitCode, _, errors) = await host.CommandAsync("seed", set.Name);

            Assert.Equal(1, exitCode);
            Assert.Contains(code, Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
            Assert.Equal(1, await host.CountAsync("Halls"));
        }
        finally
        {
            set.Delete(recursive: true);
        }
    }

    private static async Task<long> CountAsync(Folder folder, string rows)
    {
        try
        {
            await using var connection = new SqliteConnection(
                $"Data Source={Path.Combine(folder.Path, "data", "serviceeval.db")};Pooling=False;Mode=ReadOnly"
            );
            await connection.OpenAsync(Ct);
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT COUNT(*) FROM {rows}";
            return (long)(await command.ExecuteScalarAsync(Ct))!;
        }
        catch (SqliteException)
        {
            // The database does not exist yet.
            return 0;
        }
    }
}
