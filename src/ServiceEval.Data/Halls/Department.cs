namespace ServiceEval.Data.Halls;

/// <summary>部门.</summary>
public sealed class Department
{
    // In characters.
    public const int MaxName = 100,
        MaxShortName = 40;

    public int Id { get; init; }
    public required string Code { get; init; }
    public required string Name { get; set; }
    public required string ShortName { get; set; }
}

/// <summary>政务服务事项 with its 实施编码.</summary>
public sealed class ServiceItem
{
    // In characters.
    public const int MaxName = 200,
        MaxAliases = 400;

    public int Id { get; init; }
    public required string Code { get; init; }
    public required string Name { get; set; }
    public int DepartmentId { get; set; }

    /// <summary>Other words by which people look for it, such as 驾照|驾驶证; separated by <c>|</c>.</summary>
    public string Aliases { get; set; } = "";
}
