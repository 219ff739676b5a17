using System.Globalization;
using ServiceEval.Core;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Places;

/// <summary>A named set of plain data. <c>seeds/README.md</c> describes its files.</summary>
public sealed class SeedSet
{
    private const string National = "national";

    private static readonly string[] Files =
    [
        "departments",
        "halls",
        "windows",
        "items",
        "window-items",
        "tags",
        "regions",
    ];

    private readonly SeedFile _regions,
        _departments,
        _halls,
        _windows,
        _items,
        _windowItems,
        _tags;

    private SeedSet(string directory, SeedHeader header, List<SeedMistake> mistakes, CancellationToken ct)
    {
        Set = header;
        var files = new SeedTable(directory, mistakes);
        _departments = files.Read(Files[0], SeedColumns.Departments, ct);
        _halls = files.Read(Files[1], SeedColumns.Halls, ct);
        _windows = files.Read(Files[2], SeedColumns.Windows, ct);
        _items = files.Read(Files[3], SeedColumns.Items, ct);
        _windowItems = files.Read(Files[4], SeedColumns.WindowItems, ct);
        _tags = files.Read(Files[5], header.Name == National ? SeedColumns.NationalTags : SeedColumns.LocalTags, ct);
        _regions = files.Read(Files[6], SeedColumns.Regions, ct);
        files.FindOthers(Files);
        CheckRows(new SeedRules(mistakes));
    }

    public SeedHeader Set { get; }

    /// <summary>The regions, a parent before its children.</summary>
    public IEnumerable<RegionRow> Regions =>
        _regions
            .Rows.Select(r => new RegionRow(
                r["code"],
                r["name"],
                r["shortName"],
                Named<RegionLevel>(r["level"]),
                r["parent"]
            ))
            .OrderBy(r => r.Level);

    public IEnumerable<DepartmentRow> Departments =>
        _departments.Rows.Select(r => new DepartmentRow(r["code"], r["name"], r["shortName"], r["region"]));

    public IEnumerable<HallRow> Halls =>
        _halls.Rows.Select(r => new HallRow(
            r["code"],
            r["name"],
            r["shortName"],
            Named<HallKind>(r["kind"]),
            r["timeZone"],
            r["openingHours"],
            r["telephone"],
            r["address"],
            r["region"],
            SeedText.DateOf(r["regionFrom"])
        ));

    public IEnumerable<WindowRow> Windows =>
        _windows.Rows.Select(r => new WindowRow(
            r["hall"],
            r["number"],
            r["name"],
            Named<WindowKind>(r["kind"]),
            r["department"],
            Named<WindowStatus>(r["status"])
        ));

    public IEnumerable<ItemRow> Items =>
        _items.Rows.Select(r => new ItemRow(r["code"], r["name"], r["department"], Aliases.Join(r["aliases"])));

    public IEnumerable<WindowItemRow> WindowItems =>
        _windowItems.Rows.Select(r => new WindowItemRow(r["hall"], r["number"], r["item"], Number(r["rank"])));

    public IEnumerable<TagRow> Tags =>
        _tags.Rows.Select(r => new TagRow(
            r["code"],
            Named<Grade>(r["grade"]),
            r["text"],
            r["textEn"],
            bool.Parse(r["basic"]),
            Number(r["version"]),
            bool.Parse(r["retired"])
        ));

    /// <summary>
    /// Loads the sets that a name stands for: first the sets that it includes, last the named set itself.
    /// </summary>
    /// <exception cref="OperatorException">The set does not exist, or it has mistakes. The message lists all
    /// mistakes.</exception>
    public static IReadOnlyList<SeedSet> Load(string name, CancellationToken ct = default)
    {
        var (sets, mistakes) = Check(name, ct);
        return mistakes.Count switch
        {
            0 => sets,
            1 => throw new OperatorException($"{mistakes[0]}。没有写入任何内容。"),
            _ => throw new OperatorException(
                $"{string.Concat(mistakes.Select(m => $"{m}。\n"))}共 {mistakes.Count} 处错误，没有写入任何内容。"
            ),
        };
    }

    /// <summary>
    /// Loads the same sets and returns all mistakes. If there is a mistake, the rows must not be read.
    /// </summary>
    /// <exception cref="OperatorException">The set does not exist.</exception>
    public static (IReadOnlyList<SeedSet> Sets, IReadOnlyList<SeedMistake> Mistakes) Check(
        string name,
        CancellationToken ct
    )
    {
        var root = Path.Combine(AppContext.BaseDirectory, "seeds");
        if (!IsSet(root, name))
            throw new OperatorException($"没有名为“{name}”的数据集；现有：{Known(root)}。");
        var (sets, mistakes) = (new List<SeedSet>(), new List<SeedMistake>());
        Add(root, name, [], sets, mistakes, ct);
        return (sets, mistakes);
    }

    private static void Add(
        string root,
        string name,
        IReadOnlyList<string> within,
        List<SeedSet> sets,
        List<SeedMistake> mistakes,
        CancellationToken ct
    )
    {
        var directory = Path.Combine(root, name);
        var header = SeedHeader.Read(directory, mistakes, ct);
        foreach (var included in header.Includes)
        {
            var wrong =
                !IsSet(root, included) ? $"没有这个数据集，现有：{Known(root)}"
                : included == name || within.Contains(included) ? "不能相互包含"
                : null;
            if (wrong is not null)
                mistakes.Add(new SeedMistake($"{name}/{SeedHeader.File}", null, "includes", included, wrong));
            else if (!sets.Exists(s => s.Set.Name == included))
                Add(root, included, [.. within, name], sets, mistakes, ct);
        }
        sets.Add(new SeedSet(directory, header, mistakes, ct));
    }

    private static bool IsSet(string root, string name) =>
        name.Length > 0 && Path.GetFileName(name) == name && File.Exists(Path.Combine(root, name, SeedHeader.File));

    /// <summary>
    /// Returns the names of all sets. A folder without <c>set.json</c>, such as <c>calendar</c>, is not a set.
    /// </summary>
    private static string Known(string root)
    {
        if (!Directory.Exists(root))
            return "（无）";
        return string.Join(
            "、",
            Directory
                .GetDirectories(root)
                .Select(d => Path.GetFileName(d))
                .Where(name => IsSet(root, name))
                .Order(StringComparer.Ordinal)
        );
    }

    private void CheckRows(SeedRules rules)
    {
        rules.Once(_regions.Rows, "区划的代码不能相同", "code");
        rules.Tree(_regions.Rows);
        rules.Once(_departments.Rows, "部门的编码不能相同", "code");
        rules.Once(_departments.Rows, "部门的简称不能相同", "shortName");
        rules.Once(_halls.Rows, "大厅的编码不能相同", "code");
        rules.Once(_halls.Rows, "大厅的名称不能相同", "name");
        rules.Once(_halls.Rows, "大厅的简称不能相同", "shortName");
        rules.Once(_windows.Rows, "一个大厅里的窗口编号不能相同", "hall", "number");
        rules.Once(_items.Rows, "事项的编码不能相同", "code");
        rules.Once(_items.Rows, "一个部门的事项名称不能相同", "department", "name");
        rules.Once(_windowItems.Rows, "一个窗口的事项不能相同", "hall", "number", "item");
        rules.Once(_windowItems.Rows, "一个窗口的次序不能相同", "hall", "number", "rank");
        rules.Once(_tags.Rows, "标签的编码不能相同", "code");
        rules.Once(
            _tags.Rows.Where(t => !t["retired"].Equals("true", StringComparison.OrdinalIgnoreCase)),
            "一个等级的标签不能相同",
            "grade",
            "text"
        );

        rules.Known(_regions, ["parent"], _regions, ["code"], "regions.csv 中没有这个上级区划");
        rules.Known(_departments, ["region"], _regions, ["code"], "regions.csv 中没有这个区划");
        rules.Known(_halls, ["region"], _regions, ["code"], "regions.csv 中没有这个区划");
        rules.Known(_windows, ["hall"], _halls, ["code"], "halls.csv 中没有这个大厅");
        rules.Known(_windows, ["department"], _departments, ["code"], "departments.csv 中没有这个部门");
        rules.Known(_items, ["department"], _departments, ["code"], "departments.csv 中没有这个部门");
        rules.Known(
            _windowItems,
            ["hall", "number"],
            _windows,
            ["hall", "number"],
            "windows.csv 中没有这个大厅的这个窗口"
        );
        rules.Known(_windowItems, ["item"], _items, ["code"], "items.csv 中没有这个事项");
    }

    private static T Named<T>(string name)
        where T : struct, Enum => Enum.Parse<T>(name, ignoreCase: true);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <param name="Parent">The code of the region above; empty for the root.</param>
    public sealed record RegionRow(string Code, string Name, string ShortName, RegionLevel Level, string Parent);

    /// <param name="Region">The code of its region; empty for the root.</param>
    public sealed record DepartmentRow(string Code, string Name, string ShortName, string Region);

    /// <param name="Region">The code of its region; empty for the root.</param>
    /// <param name="RegionFrom">The first date in this region; null if the hall has always been there.</param>
    public sealed record HallRow(
        string Code,
        string Name,
        string ShortName,
        HallKind Kind,
        string TimeZone,
        string OpeningHours,
        string Telephone,
        string Address,
        string Region,
        DateOnly? RegionFrom
    );

    /// <param name="Department">The department's code; empty for a comprehensive window.</param>
    public sealed record WindowRow(
        string Hall,
        string Number,
        string Name,
        WindowKind Kind,
        string Department,
        WindowStatus Status
    );

    /// <param name="Aliases">The aliases in the form of <see cref="ServiceItem.Aliases"/>.</param>
    public sealed record ItemRow(string Code, string Name, string Department, string Aliases);

    public sealed record WindowItemRow(string Hall, string Number, string Item, int Rank);

    public sealed record TagRow(
        string Code,
        Grade Grade,
        string Text,
        string TextEn,
        bool Basic,
        int Version,
        bool Retired
    );
}
