using System.Text;
using ServiceEval.Core;
using ServiceEval.Tests.Exchange;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Places;

/// <summary>
/// All mistakes of a set are reported at once, with file, line, column and value, before anything is written.
/// </summary>
public sealed class SeedMistakesTests
{
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, string> Mistakes =>
        new()
        {
            {
                "departments.csv",
                "SAMPLE000000000002",
                "1.1E+17",
                "departments.csv 第 3 行 code 列“1.1E+17”：是 Excel 改写过的数字或日期"
            },
            { "departments.csv", "SAMPLE000000000002", "SAMPLE00000000002", "code 列“SAMPLE00000000002”：应为18位" },
            { "departments.csv", "SAMPLE000000000002", "SAMPLE00000000000２", "应为18位统一社会信用代码，由半角数字" },
            {
                "departments.csv",
                "SAMPLE000000000002",
                "SAMPLE000000000001",
                "第 3 行 code 列“SAMPLE000000000001”：与第 2 行重复"
            },
            { "departments.csv", "示例县公安局", "", "第 3 行 name 列“”：不能是空的" },
            { "departments.csv", ",公安局", ",人社局", "与第 2 行重复，部门的简称不能相同" },
            {
                "departments.csv",
                "示例县公安局",
                "示例县\u200B公安局",
                "“示例县[U+200B]公安局”：含有看不见的字符 U+200B"
            },
            { "departments.csv", "示例县公安局", "示例县\"\"局", "引号用得不对" },
            { "departments.csv", "示例县公安局", "锟斤拷锟斤拷", "是乱码" },
            { "departments.csv", "示例县公安局", "#REF!", "是 Excel 改写过的" },
            { "halls.csv", "main,", "Main Hall,", "code 列“Main Hall”：不能用在网址里" },
            { "halls.csv", "main,", "county,", "它在报告中表示全县" },
            {
                "halls.csv",
                "县大厅",
                "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一",
                "有 41 个字，最多 40 个"
            },
            { "halls.csv", ",hall,", ",大厅,", "kind 列“大厅”：应为 hall、townshipCentre 之一" },
            { "halls.csv", ",hall,", ",1,", "kind 列“1”：应为 hall、townshipCentre 之一" },
            {
                "halls.csv",
                "Asia/Shanghai",
                "China Standard Time",
                "timeZone 列“China Standard Time”：这是 Windows 的时区名，应为 Asia/Shanghai"
            },
            { "halls.csv", "Asia/Shanghai", "localtime", "没有这个时区，应为 IANA 时区名" },
            { "halls.csv", "Asia/Shanghai", "asia/shanghai", "没有这个时区" },
            { "halls.csv", "Asia/Shanghai", "北京时间", "没有这个时区" },
            { "halls.csv", "Asia/Shanghai", "", "timeZone 列“”：不能是空的" },
            {
                "halls.csv",
                "Mo-Fr 09:00-12:00,13:30-17:00; PH off",
                "周一至周五上午九点",
                "openingHours 列“周一至周五上午九点”：无法识别，应如 Mo-Fr"
            },
            { "halls.csv", "09:00-12:00", "25:00-26:00", "openingHours" },
            { "halls.csv", "09:00-12:00", "12:00-09:00", "openingHours" },
            { "halls.csv", "0393-0000001、12345", "3.93E+09", "telephone 列“3.93E+09”：应为电话号码" },
            { "halls.csv", "0393-0000001、12345", "3930000001", "区号前的 0 可能被 Excel 去掉了" },
            { "halls.csv", "0393-0000001、12345", "请打前台", "telephone" },
            { "windows.csv", "main,1,", "other,1,", "windows.csv 第 2 行 hall 列“other”：halls.csv 中没有这个大厅" },
            { "windows.csv", "A-2", "1", "第 3 行 number 列“1”：与第 2 行重复" },
            { "windows.csv", "A-2", "1月2日", "number 列“1月2日”：是 Excel 改写过的" },
            { "windows.csv", "A-2", "２", "number 列“２”：应为1～20个字" },
            { "windows.csv", "A-2", "A 2", "中间没有空格" },
            { "windows.csv", "comprehensive", "综合", "应为 comprehensive、special、selfService、escalation 之一" },
            { "windows.csv", ",active", ",open", "status 列“open”：应为 active、retired 之一" },
            {
                "windows.csv",
                "SAMPLE000000000001",
                "SAMPLE000000000009",
                "department 列“SAMPLE000000000009”：departments.csv 中没有这个部门"
            },
            { "items.csv", "ITEM-2", "ITEM-1", "items.csv 第 3 行 code 列“ITEM-1”：与第 2 行重复" },
            { "items.csv", "ITEM-2", "1234567890123450000000", "末尾几位已被 Excel 改成 0" },
            { "items.csv", "ITEM-2", "ITEM 2", "应为1～31位实施编码" },
            { "items.csv", "ITEM-2", "12345678901234567890123456789012", "应为1～31位实施编码" },
            {
                "items.csv",
                "居民身份证补领,SAMPLE000000000002",
                "社会保障卡申领,SAMPLE000000000001",
                "一个部门的事项名称不能相同"
            },
            { "items.csv", "SAMPLE000000000002", "", "department 列“”：不能是空的" },
            { "items.csv", "社保卡|社保", "社保|社保", "aliases 列“社保|社保”：“社保”写了不止一次" },
            { "items.csv", "社保卡|社保", "社保卡、社保、社会保障卡、医保卡、医疗卡、一卡通", "每个别名最多 20 个字" },
            {
                "items.csv",
                ",aliases",
                ",别名",
                "第 1 行 别名 列：不认识这一列，应有的列为 code,name,department,aliases"
            },
            { "items.csv", "code,name,", "code,title,", "第 1 行 name 列：缺少这一列" },
            { "halls.csv", "telephone,address", "telephone,address,\n,,,,,,,,甲", "这一行有 9 列，表头有 8 列" },
            { "items.csv", "社保卡|社保", "社保卡|社保,多", "这一行有 5 列，表头有 4 列" },
            { "window-items.csv", "ITEM-2,2", "ITEM-3,2", "item 列“ITEM-3”：items.csv 中没有这个事项" },
            { "window-items.csv", "ITEM-2,2", "ITEM-1,2", "一个窗口的事项不能相同" },
            { "window-items.csv", "ITEM-2,2", "ITEM-2,1", "rank 列“1”：与第 2 行重复，一个窗口的次序不能相同" },
            { "window-items.csv", "ITEM-2,2", "ITEM-2,0", "rank 列“0”：应为 1～999 的整数" },
            { "window-items.csv", "ITEM-2,2", "ITEM-2,1.5", "应为 1～999 的整数" },
            {
                "window-items.csv",
                "main,1,ITEM-2",
                "main,9,ITEM-2",
                "number 列“9”：windows.csv 中没有这个大厅的这个窗口"
            },
            { "tags.csv", "L502", "501", "code 列“501”：三位数字是国家标签的编码，自设标签应以字母 L 开头" },
            { "tags.csv", "L502", "L501", "标签的编码不能相同" },
            { "tags.csv", "L502", "X502", "应以字母 L 开头" },
            { "tags.csv", "环境整洁", "排队时间短", "一个等级的标签不能相同" },
            { "tags.csv", "L502,verySatisfied", "L502,5", "grade 列“5”：应为 verySatisfied、" },
            { "tags.csv", "TRUE", "是", "basic 列“是”：应为 true（是）或 false（否）" },
            { "tags.csv", ",1,FALSE", ",v1,FALSE", "version 列“v1”：应为 1～999 的整数" },
            { "tags.csv", "Tidy hall", "", "textEn 列“”：不能是空的" },
            { "set.json", "\"title\":\"示例县\",", "", "set.json title 列：缺少这一项" },
            { "set.json", "\"demo\":false", "\"demo\":\"false\"", "应为 true（示例数据）或 false（正式数据）" },
            { "set.json", "national", "nowhere", "includes 列“nowhere”：没有这个数据集，现有：" },
            { "set.json", "\"name\":\"", "\"name\":\"x", "应与文件夹同名" },
            { "set.json", "\"includes\"", "\"include\"", "include 列：不认识这一项" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_place_its_value_and_what_would_be_right(
        string file,
        string old,
        string by,
        string told
    )
    {
        using var set = new OwnSet();
        set.Replace(file, old, by);
        var mistakes = SeedSet.Check(set.Name, Ct).Mistakes;
        Assert.True(
            mistakes.Any(m => m.ToString().Contains(told, StringComparison.Ordinal)),
            $"{told}: {string.Join('\n', mistakes)}"
        );
        Assert.All(mistakes, m => Assert.DoesNotContain('\n', m.ToString()));
        Assert.Throws<OperatorException>(() => SeedSet.Load(set.Name, Ct));
    }

    [Fact]
    public void A_set_without_mistakes_is_read_from_any_encoding_and_from_workbooks()
    {
        using var set = new OwnSet();
        set.Write("departments.csv", set.Read("departments.csv"), Gb18030);
        set.Write("windows.csv", set.Read("windows.csv"), new UTF8Encoding(true));
        set.Write("set.json", set.Read("set.json"), Gb18030);
        set.Write("window-items.csv", $"sep=;\n{set.Read("window-items.csv").Replace(',', ';')}");
        set.Delete("tags.csv");
        set.WriteBytes(
            "tags.xlsx",
            new OldWorkbook(
                ["code", "grade", "text", "textEn", "basic", "version", "retired"],
                [
                    "L501",
                    new Shared("verySatisfied"),
                    "排队时间短",
                    "Short wait",
                    new RawCell("t=\"b\"", "<v>1</v>"),
                    1.0,
                    new RawCell("t=\"b\"", "<v>0</v>"),
                ]
            ).ToBytes()
        );

        var (sets, mistakes) = SeedSet.Check(set.Name, Ct);

        Assert.Equal([], mistakes.Select(m => m.ToString()));
        Assert.Equal("示例县", sets[^1].Set.Title);
        Assert.Equal(["人社局", "公安局"], sets[^1].Departments.Select(d => d.ShortName));
        Assert.Equal([("L501", true, false)], sets[^1].Tags.Select(t => (t.Code, t.Basic, t.Retired)));
        Assert.Equal(["社保卡|社保", ""], sets[^1].Items.Select(i => i.Aliases));
    }

    [Fact]
    public void The_shipped_sets_have_none() =>
        Assert.All(
            ["national", "minimal", "puyang"],
            name => Assert.Equal([], SeedSet.Check(name, Ct).Mistakes.Select(m => m.ToString()))
        );

    [Fact]
    public void Files_that_would_be_passed_over_and_sets_that_include_each_other_are_mistakes()
    {
        using var set = new OwnSet();
        set.Write("Items.csv", "");
        set.Write("windows - 副本.xlsx", "");
        set.WriteBytes("halls.xlsx", new OldWorkbook(["code"]).ToBytes());
        set.Replace("set.json", "\"national\"", $"\"{set.Name}\"");
        var told = SeedSet.Check(set.Name, Ct).Mistakes.Select(m => m.ToString()).ToList();
        Assert.Contains(told, m => m.Contains("Items.csv：不认识这个文件", StringComparison.Ordinal));
        Assert.Contains(told, m => m.Contains("windows - 副本.xlsx：不认识这个文件", StringComparison.Ordinal));
        Assert.Contains(told, m => m.Contains("halls.csv：还有一个 halls.xlsx", StringComparison.Ordinal));
        Assert.Contains(told, m => m.Contains("不能相互包含", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_reports_all_mistakes_at_once_and_neither_check_nor_seed_writes_while_there_is_one()
    {
        using var folder = new Folder();
        using var set = new OwnSet();
        set.Replace("halls.csv", "Asia/Shanghai", "Mars/Base");
        set.Replace("items.csv", "ITEM-2", "1.1E+17");
        set.Replace("tags.csv", "L502", "501");

        var (checkedCode, output, checkedErrors) = await TestHost.CommandInAsync(
            folder.Path,
            "seed",
            set.Name,
            "--check"
        );
        var (seededCode, _, errors) = await TestHost.CommandInAsync(folder.Path, "seed", set.Name);

        // The row with the wrong code no longer defines ITEM-2, so the row of its window refers to a missing item.
        string[] places =
        [
            "halls.csv 第 2 行 timeZone 列“Mars/Base”",
            "items.csv 第 3 行 code 列“1.1E+17”",
            "window-items.csv 第 3 行 item 列“ITEM-2”",
            "tags.csv 第 3 行 code 列“501”",
        ];
        Assert.Equal((1, 1, ""), (checkedCode, seededCode, checkedErrors));
        foreach (var said in new[] { output, errors })
        {
            Assert.All(places, place => Assert.Contains(place, said, StringComparison.Ordinal));
            Assert.StartsWith("共 4 处错误", said.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFiles(folder.Path, "*.db", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Check_of_a_good_set_writes_nothing_and_seeding_it_again_changes_only_what_the_files_changed()
    {
        await using var host = await TestHost.StartAsync();
        using var set = new OwnSet();
        Assert.Equal((0, "示例县：没有发现错误。\n", ""), await host.CommandAsync("seed", set.Name, "--check"));
        Assert.Equal(0, await host.CountAsync("Halls WHERE Code = 'main'"));

        Assert.Equal(0, (await host.CommandAsync("seed", set.Name)).ExitCode);
        var codes = await host.QueryAsync("SELECT Code FROM Windows ORDER BY Id");
        set.Write(
            "departments.csv",
            set.Read("departments.csv").Replace("示例县公安局", "示例县公安局本部", StringComparison.Ordinal),
            Gb18030
        );
        set.Replace("items.csv", "社保卡|社保", "社保卡；社保；办卡");
        var (exitCode, _, errors) = await host.CommandAsync("seed", set.Name);

        Assert.True(exitCode == 0, errors);
        Assert.Equal(codes, await host.QueryAsync("SELECT Code FROM Windows ORDER BY Id"));
        Assert.Equal(
            "示例县公安局本部",
            Assert.Single(await host.QueryAsync("SELECT Name FROM Departments WHERE Code = 'SAMPLE000000000002'"))[0]
        );
        Assert.Equal(
            "社保卡|社保|办卡",
            Assert.Single(await host.QueryAsync("SELECT Aliases FROM ServiceItems WHERE Code = 'ITEM-1'"))[0]
        );
    }
}
