namespace ServiceEval.Core.Places;

/// <summary>A department (部门).</summary>
public sealed class Department
{
    // The maximum lengths, in characters.
    public const int MaxName = 100,
        MaxShortName = 40;

    public int Id { get; init; }
    public required string Code { get; init; }
    public required string Name { get; set; }
    public required string ShortName { get; set; }

    /// <summary>The region that the department belongs to.</summary>
    public int RegionId { get; set; } = Region.RootId;
}

/// <summary>A service item (政务服务事项) with its code (实施编码).</summary>
public sealed class ServiceItem
{
    // The maximum lengths, in characters.
    public const int MaxName = 200,
        MaxAliases = 400;

    public int Id { get; init; }
    public required string Code { get; init; }
    public required string Name { get; set; }
    public int DepartmentId { get; set; }

    /// <summary>
    /// Other words by which people search for the item, such as 驾照|驾驶证. They are separated by <c>|</c>.
    /// </summary>
    public string Aliases { get; set; } = "";
}
