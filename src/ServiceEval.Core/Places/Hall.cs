namespace ServiceEval.Core.Places;

/// <summary>A place of service (政务大厅, 便民服务中心, 自助服务区).</summary>
public sealed class Hall
{
    // The maximum lengths, in characters. The database and the check of a seed set both use these constants.
    public const int MaxName = 100,
        MaxShortName = 40,
        MaxTimeZone = 60,
        MaxOpeningHours = 200;
    public const int MaxTelephone = 40,
        MaxAddress = 200;

    public int Id { get; init; }
    public required string Code { get; init; }
    public required string Name { get; set; }
    public required string ShortName { get; set; }
    public HallKind Kind { get; set; }

    /// <summary>The IANA name, such as <c>Asia/Shanghai</c>. It decides which date is "today" in this hall.</summary>
    public required string TimeZone { get; set; }

    /// <summary>
    /// The opening hours in the format of OpenStreetMap's <c>opening_hours</c>. They are shown to citizens. A rating is
    /// never refused because of them.
    /// </summary>
    public string OpeningHours { get; set; } = "";
    public string Telephone { get; set; } = "";
    public string Address { get; set; } = "";
}

public enum HallKind : byte
{
    Hall = 1,
    TownshipCentre = 2,
}
