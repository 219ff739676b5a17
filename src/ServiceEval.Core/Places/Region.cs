namespace ServiceEval.Core.Places;

/// <summary>
/// A division (行政区划): a node of the tree of province, city, county and township. The root of an installation can be
/// any level. Source of codes and levels: GB/T 2260 and the statistical codes of divisions (统计用区划代码).
/// </summary>
public sealed class Region
{
    /// <summary>The id of the root. Every database has a root.</summary>
    public const int RootId = 1;

    /// <summary>
    /// The code of the root until a set of seeds names its division. In addresses and in the ids of reports that were
    /// frozen before, the word always stands for the root. So no hall may have this code.
    /// </summary>
    public const string RootAlias = "county";

    // The maximum lengths, in characters.
    public const int MaxName = 100,
        MaxShortName = 40;

    public int Id { get; init; }

    /// <summary>The division code of 12 digits, or <see cref="RootAlias"/>.</summary>
    public required string Code { get; set; }
    public required string Name { get; set; }
    public required string ShortName { get; set; }
    public RegionLevel Level { get; set; }

    /// <summary>The id of the region above; null for the root.</summary>
    public int? ParentId { get; set; }

    /// <summary>Returns the root of a database that has no regions yet. Its name is the title of the installation.</summary>
    public static Region UnnamedRoot() =>
        new()
        {
            Id = RootId,
            Code = RootAlias,
            Name = "",
            ShortName = "",
            Level = RegionLevel.County,
        };
}

/// <summary>The level of a region. A child has a higher number than its parent.</summary>
public enum RegionLevel : byte
{
    Province = 1,

    /// <summary>设区的市、地区、自治州、盟.</summary>
    City = 2,

    /// <summary>县、县级市、区、旗.</summary>
    County = 3,

    /// <summary>乡、镇、街道.</summary>
    Township = 4,

    /// <summary>村、社区.</summary>
    Village = 5,
}

/// <summary>
/// The region of a hall from a date on. A hall that moves gets a new row, so that the reports of earlier weeks keep
/// their halls. A hall without a row belongs to the root.
/// </summary>
public sealed class HallPlacement
{
    /// <summary>The date of the first placement. It lies before every rating.</summary>
    public static readonly DateOnly Always = new(1900, 1, 1);

    public int HallId { get; init; }

    /// <summary>The first local date in the region.</summary>
    public DateOnly From { get; init; }
    public int RegionId { get; set; }
}
