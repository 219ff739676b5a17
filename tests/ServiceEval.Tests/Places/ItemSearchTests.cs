using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Places;

public sealed class ItemSearchTests
{
    private static readonly ItemSearch Puyang = new([
        .. SeedSet
            .Load("puyang", TestContext.Current.CancellationToken)[^1]
            .Items.Select(
                (row, i) =>
                    new ServiceItem
                    {
                        Id = i,
                        Code = row.Code,
                        Name = row.Name,
                        Aliases = row.Aliases,
                    }
            ),
    ]);

    /// <summary>The everyday name of an item, and the beginning of its official name.</summary>
    [Theory]
    [InlineData("社保卡", "社会保障卡")]
    [InlineData("驾照", "机动车驾驶证")]
    [InlineData("驾照换证", "机动车驾驶证")]
    [InlineData("残疾证", "残疾人证")]
    [InlineData("低保", "最低生活保障金")]
    [InlineData("结婚证", "内地居民结婚登记")]
    [InlineData("准生证", "生育登记")]
    [InlineData("港澳通行证", "往来港澳通行证")]
    [InlineData("公积金", "住房公积金")]
    [InlineData("暂住证", "居住证")]
    [InlineData("退伍证", "退役")]
    [InlineData("烟草证", "烟草专卖零售许可证")]
    [InlineData("高龄补贴", "八十周岁以上老年人高龄津贴")]
    public void Everyday_words_find_what_is_meant_first(string typed, string begins) =>
        Assert.StartsWith(begins, Puyang.Find(typed).Items[0].Name, StringComparison.Ordinal);

    [Theory]
    [InlineData("社保", "社会保|参保|保险")]
    [InlineData("房产证", "不动产|房屋所有权|商品房")]
    [InlineData("户口本", "户口|户籍|落户|迁")]
    [InlineData("开公司", "公司设立|企业设立")]
    public void Everyday_words_find_only_what_is_meant_at_first(string typed, string expected) =>
        Assert.All(Puyang.Find(typed).Items.Take(5), item => Assert.Matches(expected, item.Name));

    [Fact]
    public void The_best_come_first_whatever_their_width_and_case()
    {
        var search = Of("电子ETC业务", "ＥＴＣ办理", "etc", "高速公路E类T级C证", "其他");
        Assert.Equal(["etc", "ＥＴＣ办理", "电子ETC业务", "高速公路E类T级C证"], Names(search.Find("ＥＴＣ")));
        Assert.Equal(["ＥＴＣ办理"], Names(search.Find(" Etc、办理 ")));
    }

    [Fact]
    public void An_alias_that_is_what_was_typed_comes_before_a_name_that_only_contains_it()
    {
        var search = new ItemSearch([
            Item(1, "低保边缘家庭认定"),
            Item(2, "最低生活保障金申请", "低保"),
            Item(3, "低收入家庭住房保障"),
        ]);
        Assert.Equal(["最低生活保障金申请", "低保边缘家庭认定", "低收入家庭住房保障"], Names(search.Find("低保")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ，。")]
    [InlineData("没有的事项")]
    [InlineData("证份身")]
    public void A_text_without_a_match_finds_nothing(string typed)
    {
        var (items, more) = Puyang.Find(typed);
        Assert.Equal((0, 0), (items.Count, more));
    }

    [Fact]
    public void A_text_that_is_cut_within_a_character_is_searched_all_the_same() =>
        Assert.Equal(Names(Puyang.Find("残疾证")), Names(Puyang.Find("残疾证 " + "\U00020BB7"[0])));

    [Fact]
    public void What_is_not_shown_is_counted()
    {
        var search = Of([.. Enumerable.Range(0, 57).Select(i => $"事项{i}")]);
        Assert.Equal((20, 37), (search.Find("事项").Items.Count, search.Find("事项").More));
    }

    private static ItemSearch Of(params string[] names) => new([.. names.Select((name, i) => Item(i, name))]);

    private static ServiceItem Item(int id, string name, string aliases = "") =>
        new()
        {
            Id = id,
            Code = $"I{id}",
            Name = name,
            Aliases = aliases,
        };

    private static IEnumerable<string> Names(ItemMatches matches) => matches.Items.Select(i => i.Name);
}
