using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using ServiceEval.Data.Halls;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Halls;

/// <summary>A named set of plain data, as <c>seeds/README.md</c> describes its files.</summary>
public sealed class SeedSet
{
    private readonly string _directory;

    private SeedSet(string directory, Header header) => (_directory, Set) = (directory, header);

    public Header Set { get; }

    public IReadOnlyList<DepartmentRow> Departments => Rows<DepartmentRow>("departments.csv");
    public IReadOnlyList<HallRow> Halls => Rows<HallRow>("halls.csv");
    public IReadOnlyList<WindowRow> Windows => Rows<WindowRow>("windows.csv");
    public IReadOnlyList<ItemRow> Items => Rows<ItemRow>("items.csv");
    public IReadOnlyList<WindowItemRow> WindowItems => Rows<WindowItemRow>("window-items.csv");
    public IReadOnlyList<TagRow> Tags => Rows<TagRow>("tags.csv");

    /// <summary>The sets a name stands for: those it includes first, itself last.</summary>
    /// <exception cref="StartException">There is no such set, or a file of it is faulty.</exception>
    public static IReadOnlyList<SeedSet> Load(string name)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "seeds");
        var directory = Path.Combine(root, name);
        if (Path.GetFileName(name) != name || !File.Exists(Path.Combine(directory, "set.json")))
        {
            throw new StartException($"没有名为“{name}”的数据集；现有：{Known(root)}。");
        }
        try
        {
            var header = JsonSerializer.Deserialize<Header>(File.ReadAllBytes(Path.Combine(directory, "set.json")), Json.Options)!;
            return [.. header.Includes.SelectMany(Load), new SeedSet(directory, header)];
        }
        catch (JsonException e)
        {
            throw new StartException($"数据集“{name}”的 set.json 无法读取：{e.Message}", e);
        }
    }

    /// <summary>The names of all sets; a folder without <c>set.json</c>, such as <c>calendar</c>, is none.</summary>
    private static string Known(string root)
    {
        if (!Directory.Exists(root)) return "（无）";
        return string.Join("、", Directory.GetDirectories(root).Where(d => File.Exists(Path.Combine(d, "set.json"))).Select(Path.GetFileName).Order());
    }

    private IReadOnlyList<T> Rows<T>(string file)
    {
        var path = Path.Combine(_directory, file);
        if (!File.Exists(path)) return [];
        try
        {
            using var reader = new StreamReader(path);
            using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                PrepareHeaderForMatch = header => header.Header.ToLowerInvariant(),
            });
            csv.Context.TypeConverterOptionsCache.GetOptions<HallKind>().EnumIgnoreCase = true;
            csv.Context.TypeConverterOptionsCache.GetOptions<WindowKind>().EnumIgnoreCase = true;
            csv.Context.TypeConverterOptionsCache.GetOptions<WindowStatus>().EnumIgnoreCase = true;
            csv.Context.TypeConverterOptionsCache.GetOptions<Grade>().EnumIgnoreCase = true;
            return [.. csv.GetRecords<T>()];
        }
        catch (CsvHelperException e)
        {
            throw new StartException($"数据集文件 {path} 第 {e.Context?.Parser?.Row} 行有误，请对照 seeds/README.md 检查各列。", e);
        }
    }

    /// <param name="Demo">Seeding it marks the database as demonstration data.</param>
    /// <param name="Includes">Sets to seed before this one.</param>
    public sealed record Header(string Name, string Title, bool Demo, IReadOnlyList<string> Includes);

    public sealed record DepartmentRow(string Code, string Name, string ShortName);

    public sealed record HallRow(
        string Code, string Name, string ShortName, HallKind Kind, string TimeZone, string OpeningHours, string Telephone, string Address);

    /// <param name="Department">A department's code; empty for a comprehensive window.</param>
    public sealed record WindowRow(string Hall, string Number, string Name, WindowKind Kind, string Department, WindowStatus Status);

    public sealed record ItemRow(string Code, string Name, string Department);

    public sealed record WindowItemRow(string Hall, string Number, string Item, int Rank);

    public sealed record TagRow(string Code, Grade Grade, string Text, string TextEn, bool Basic, int Version, bool Retired);
}
